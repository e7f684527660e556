"""Where extracts are put, whatever it is: each is there whole, or not at all."""
