"""Segments counted and listed: conditions as one statement over rows that are there."""
