"""Memberships people pay for: their life, what a term costs, and the points that come with it."""
