"""From the text of a program file to its tree, every problem with its line."""
