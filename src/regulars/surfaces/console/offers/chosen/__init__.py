"""Choices among offers in the console."""
