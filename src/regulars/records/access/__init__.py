"""Who may talk to us, and what they may do: API keys."""
