"""Codes that open rewards: how they are written, which there are, and what became of each."""
