"""What is long over, or was for a hook that is deleted, is forgotten in portions."""
