"""References: members whom prospects may ask, and who was asked for whom."""
