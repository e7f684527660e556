"""The parts a program file is made of, theme by theme."""
