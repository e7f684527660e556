"""What a version that comes makes of the terms, and of what is owed."""
