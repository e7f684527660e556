"""What travels between us and clients of the Square Loyalty API."""
