"""What a till tells after it was cut off, and what it is given to be cut off with."""
