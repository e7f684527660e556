"""Moving in from another system: its files, through a mapping, become lines of an import."""
