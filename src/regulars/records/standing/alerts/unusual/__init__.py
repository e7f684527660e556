"""What became of days that were far from usual."""
