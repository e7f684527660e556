"""What requests and answers look like, for the reference."""
