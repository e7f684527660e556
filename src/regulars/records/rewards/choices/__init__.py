"""Which of several things members chose."""
