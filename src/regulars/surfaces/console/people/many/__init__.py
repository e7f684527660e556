"""What is done to many members at once: who is meant, points, tags."""
