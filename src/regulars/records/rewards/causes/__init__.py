"""Whom to look at because a reward may be taken by itself."""
