"""Learn from what was recorded; nothing in here writes."""
