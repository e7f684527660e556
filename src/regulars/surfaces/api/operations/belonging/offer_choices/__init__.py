"""Choices among offers on the wire."""
