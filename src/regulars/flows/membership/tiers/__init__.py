"""Tiers given by hand, matched and offered."""
