"""What metrics are worked out from: counts and sums of prepared rows, one statement each."""
