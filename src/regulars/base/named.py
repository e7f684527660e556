"""Tuples with names for their values, made at once."""

from __future__ import annotations

from typing import Final

made: Final = tuple.__new__
"""A tuple of a kind with names: `made(Posting, (1, 11, -5))` is `Posting(1, 11, -5)`, in two fifths
of the time, since Python's own way there calls a function of Python. For what is made with every
activity, and has to be a tuple because it travels as a row; what need not be one is a struct.
Nobody counts the values as it is made, and none is filled in: all are named, in their order
(tests/tidy/test_named.py counts them)."""
