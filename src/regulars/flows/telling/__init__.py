"""What members are told outside the house: planned, sent, and what became of it."""
