"""How many members a promise concerns."""
