"""What something changed: those who had it beside those who by chance had not."""
