"""Who of the shop looks after whom."""
