"""Extracts for a warehouse: where they are put, for the API and the console."""
