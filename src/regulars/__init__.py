"""Regulars: a loyalty program a shop can run itself."""

__version__ = "0.1.0"
