"""What was committed is chained and signed, and places outside are told."""
