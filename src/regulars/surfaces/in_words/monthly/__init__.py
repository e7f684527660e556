"""A month of a shop in sentences: one content, shown as a page and as PDF."""
