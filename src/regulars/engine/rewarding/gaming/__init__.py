"""What counts for challenges and streaks, what is reached, and the prizes for it."""
