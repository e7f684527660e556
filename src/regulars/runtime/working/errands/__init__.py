"""Errands: the worker starts a program for each, one at a time."""
