"""Segments as kept: their conditions, who is on a list, who is in them, who came and went."""
