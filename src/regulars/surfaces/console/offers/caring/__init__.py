"""Service cases and references in the console."""
