"""Clubs and events on a member's card."""
