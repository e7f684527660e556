"""What members get: codes of rewards, and what tiers and memberships include."""
