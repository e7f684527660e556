"""A replay in machine code, for histories of one amount per sale and the programs it can take."""
