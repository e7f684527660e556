"""What reports draw: each chart with its sentence, its time before and its table."""
