"""What all members of a program have together."""
