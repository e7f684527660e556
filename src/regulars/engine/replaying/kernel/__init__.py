"""A replay in machine code, for the histories and programs it can take."""
