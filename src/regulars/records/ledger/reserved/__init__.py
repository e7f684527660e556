"""Points that are reserved, and what of them is due."""
