"""Shops to look at: the coffee shop of `make demo`, the real one of `make retail`."""
