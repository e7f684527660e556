"""Text messages that members send: STOP, START, HELP, and whatever else they write."""
