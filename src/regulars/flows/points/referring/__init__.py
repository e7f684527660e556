"""Members bring friends: codes, naming them, and what becomes of it."""
