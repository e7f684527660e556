"""Members somebody of the shop should look at, and what became of it."""
