"""The hook by which an organization hears what happens as journals."""
