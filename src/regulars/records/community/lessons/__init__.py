"""Lessons, and who passed them."""
