"""What a benefit includes beside its name: how often and until when, for whom else, at what time."""
