"""Who has most of what is counted for a leaderboard."""
