"""What each member bought of which category and article."""
