"""Members put side by side: by when they came, how they buy, what season it is, which tier."""
