"""What members do with each other: clubs, gatherings."""
