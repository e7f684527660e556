"""Gatherings, and who has a seat."""
