"""Moving in from another system: its files, read through a mapping, become the lines of an import."""
