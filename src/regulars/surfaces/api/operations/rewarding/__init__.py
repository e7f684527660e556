"""What members can have: rewards for points, benefits that are included."""
