"""What a program says, as sentences: rules, tiers, rewards, games, and the whole of it."""
