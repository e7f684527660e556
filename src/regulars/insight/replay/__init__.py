"""A program's own history, as a replay takes it, and what the books say came of it."""
