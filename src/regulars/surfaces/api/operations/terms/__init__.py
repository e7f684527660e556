"""Programs, drafts, plans, and what members say to a version."""
