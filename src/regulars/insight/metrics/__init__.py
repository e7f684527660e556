"""What a shop measures of itself: each figure defined once, with how sure one can be of it."""
