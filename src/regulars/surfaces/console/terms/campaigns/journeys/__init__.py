"""Journeys in the console."""
