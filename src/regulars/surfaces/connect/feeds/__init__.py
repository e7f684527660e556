"""Files as sources of events: where they lie, how their rows are read, for the API and console."""
