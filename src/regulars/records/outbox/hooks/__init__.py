"""Hooks: addresses of other systems that hear of events, and what is on its way to them."""
