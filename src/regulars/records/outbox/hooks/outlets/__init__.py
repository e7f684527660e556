"""Which other systems are told of members, and how far each is."""
