"""Extracts for a warehouse: when and where they are written, and which are there."""
