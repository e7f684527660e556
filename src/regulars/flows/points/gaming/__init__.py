"""Members take part in challenges, keep streaks, and get prizes for them."""
