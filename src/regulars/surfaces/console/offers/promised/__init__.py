"""Offers in the console."""
