"""Experiments: planned, begun, filled and ended."""
