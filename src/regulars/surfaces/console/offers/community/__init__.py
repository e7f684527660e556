"""Clubs and events in the console."""
