"""The languages sentences are said in: one catalogue each, and how numbers are written there."""
