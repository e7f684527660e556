"""Segments in the console."""
