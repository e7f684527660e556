"""A shop is set up: from nothing to the first member, step by step."""
