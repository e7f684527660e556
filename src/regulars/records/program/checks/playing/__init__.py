"""What members do together and for fun: they bring friends, take challenges, keep streaks."""
