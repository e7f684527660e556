"""What came of experiments."""
