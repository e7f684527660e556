"""What staff do in the office: lists they keep, rounds of adjustments, words beside members."""
