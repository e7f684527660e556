"""People and cards that collect: who they are, and every name they can be found by."""
