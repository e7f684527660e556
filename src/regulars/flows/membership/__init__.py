"""Members: who joins, what is known of them, by which names."""
