"""A rate table changes for what happened already: said beforehand, done some members at a time."""
