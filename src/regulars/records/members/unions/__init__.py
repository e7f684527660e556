"""Members who belong together: merged into one, or sharing a household."""
