"""What members do with each other: clubs, gatherings, lessons, what they write."""
