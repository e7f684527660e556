"""How requests are read: strictly, with the place of every slip."""
