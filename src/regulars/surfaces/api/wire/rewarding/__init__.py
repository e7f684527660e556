"""Rewards, redemptions and codes on the wire."""
