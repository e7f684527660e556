"""Imports: files are read and checked, then booked lane by lane, by several programs at once."""
