"""Telephones are told that a pass of theirs changed."""
