"""Places within a payload: single values, and lists of them."""
