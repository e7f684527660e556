"""Members prove that an address is theirs, and that they want to be written to there."""
