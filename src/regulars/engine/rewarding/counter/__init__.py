"""At the counter: what a bill comes to, and whether a code is good."""
