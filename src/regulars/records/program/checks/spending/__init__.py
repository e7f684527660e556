"""What points are spent on: rewards, and baskets."""
