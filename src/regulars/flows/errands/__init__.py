"""Errands: asked for in the console, carried out by the worker."""
