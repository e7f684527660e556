"""What a benefit includes beside its name: how often, for whom else, at what time."""
