"""A shop opens: what was typed on the way, and how the shop looks."""
