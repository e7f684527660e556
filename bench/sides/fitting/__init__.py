"""What estimators cost, beside packages that people use for the same."""
