"""Klaviyo: members and what happens to them are told there, and who says no there is heard."""
