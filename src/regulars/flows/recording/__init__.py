"""Record what happened, and everything that takes."""
