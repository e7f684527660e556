"""What members buy from next, as it was reckoned last."""
