"""Teams that reach a challenge together, and who is in them."""
