"""Decisions and conditions in sentences."""
