"""Programs to try things in: made, moved through time, and taken home."""
