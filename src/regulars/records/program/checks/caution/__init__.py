"""Promises that can be kept and may cost more than was meant."""
