"""What an owner sees first: how it goes, what is still to be set up, what is owed."""
