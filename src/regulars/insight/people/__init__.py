"""Which members match what somebody looks for, a page at a time."""
