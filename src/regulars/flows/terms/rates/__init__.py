"""A rate table changes for what happened already: said beforehand, and done some members at a time."""
