"""Regulars: a loyalty programme a shop can run itself."""

__version__ = "0.1.0"
