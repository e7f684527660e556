"""What a member and whoever looks after them say to each other, and what these mean to do."""
