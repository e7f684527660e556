"""Memberships people pay for: what was told about each, and where it stands since."""
