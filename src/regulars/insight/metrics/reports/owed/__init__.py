"""Reports of points: what became of them, and what is owed for them."""
