"""What members did for challenges and streaks, and the prizes they got."""
