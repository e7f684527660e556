"""Who may come in: keys of programs."""
