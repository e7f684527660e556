"""What a shop owes for points: how many will come back, and what of the money is earned yet."""
