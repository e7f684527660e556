"""Where the files of a source are, and how far each of them was read."""
