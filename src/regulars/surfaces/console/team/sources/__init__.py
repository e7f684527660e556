"""Sources of events: which other systems send here, by which mapping, and what became of it."""
