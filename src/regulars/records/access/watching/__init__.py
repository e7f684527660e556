"""What is watched at the counter: goodwill, adjustments that wait, alerts."""
