"""What members are worth from now on, as it was reckoned last."""
