"""What was decided by a version of the program."""
