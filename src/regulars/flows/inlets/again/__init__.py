"""What came in is told once more, or was something else than it was taken for."""
