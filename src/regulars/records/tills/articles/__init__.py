"""Articles that a connected till told: what is for sale, in which category, at which price."""
