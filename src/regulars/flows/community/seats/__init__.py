"""Seats that take points."""
