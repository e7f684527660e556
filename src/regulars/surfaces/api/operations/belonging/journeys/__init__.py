"""Journeys over the API."""
