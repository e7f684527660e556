"""What follows for a member: points, holds, lots, tiers."""
