"""Partners in the console: what is agreed, how their feeds stand, claims, settlements, plans."""
