"""Bills that connected tills tell: what is to be paid, and which rewards are for it."""
