"""Which kinds of activities are named outside the program."""
