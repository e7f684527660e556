"""Errands: long work somebody asked for, and the files brought for it."""
