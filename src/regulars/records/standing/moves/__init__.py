"""Every move of members between tiers."""
