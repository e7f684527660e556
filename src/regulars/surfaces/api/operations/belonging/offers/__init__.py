"""Offers over the API."""
