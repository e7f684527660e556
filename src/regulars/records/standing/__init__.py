"""The member's place: lock and order of all their writes, tier, and the counters behind it."""
