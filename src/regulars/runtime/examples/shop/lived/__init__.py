"""What else a shop is that has been there for a year: friends, firms, passes, letters, systems."""
