"""The coffee shop of the demo: who comes, what a year of it looks like, who works there."""
