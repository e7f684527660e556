"""Members who belong together, and words of the shop on them."""
