"""Settlements with partners: made, shown, answered, and put where a partner fetches them."""
