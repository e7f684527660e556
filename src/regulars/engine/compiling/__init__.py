"""From the program's tree to one plain Python function."""
