"""Programs to try things in, and their clocks."""
