"""Draws: announced with a commitment, drawn once, for anybody to check."""
