"""Surveys in the console."""
