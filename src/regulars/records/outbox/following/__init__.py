"""Following the events: what is new past a place, however late it commits and wherever we moved."""
