"""What a change of the terms means: what differs, whom it touches, what speaks against it."""
