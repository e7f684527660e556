"""Segments: kept, filled by hand, and brought up to what members do."""
