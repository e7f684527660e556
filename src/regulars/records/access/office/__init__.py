"""What staff keep beside the books: lists they look at, rounds of adjustments, notes."""
