"""What came back of sales."""
