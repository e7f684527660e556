"""All members of a program at once, as a change of the ladder sees them."""
