"""The ladder: what credit counts, what somebody gave by hand, and what follows."""
