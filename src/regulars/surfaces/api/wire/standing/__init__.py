"""Where a member stands, and tiers that are given by hand, on the wire."""
