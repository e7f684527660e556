"""What the reference shows of requests and answers."""
