"""Experiments in the console."""
