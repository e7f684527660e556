"""Everybody who works here: their pages, their own page, and where they work."""
