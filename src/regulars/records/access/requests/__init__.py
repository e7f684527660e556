"""What was asked by the API lately."""
