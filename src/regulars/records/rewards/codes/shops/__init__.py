"""Codes of rewards as discount codes in a web shop."""
