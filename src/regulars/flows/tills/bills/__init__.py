"""Bills of connected tills: opened, paid."""
