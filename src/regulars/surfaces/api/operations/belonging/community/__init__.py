"""Clubs and gatherings over the API."""
