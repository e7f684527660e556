"""What a client of the Square Loyalty API can do here."""
