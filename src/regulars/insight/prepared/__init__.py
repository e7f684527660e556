"""What prepared rows should be, worked out of the books by another way."""
