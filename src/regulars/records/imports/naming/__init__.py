"""Lots that have no number: by which name they are known again."""
