"""A member's card: the code that changes, and telephones that keep a pass of it."""
