"""Segments: kept, counted, listed, and asked of one member."""
