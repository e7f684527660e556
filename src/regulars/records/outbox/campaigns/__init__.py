"""Campaigns: what is said to a segment, and what became of it with each member."""
