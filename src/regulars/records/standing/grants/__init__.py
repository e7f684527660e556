"""Tiers given by hand: granted, matched with another shop's, or by an invitation."""
