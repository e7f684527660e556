"""What members agreed to hear, per channel, and every word they said about it."""
