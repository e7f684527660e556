"""Rows for the driver: it asks of each value whether it is a list, and is answered quickly."""

from __future__ import annotations

from array import array
from collections import deque
from types import MappingProxyType
from typing import Final

from asyncpg.protocol import protocol

# The driver asks three abstract classes about every value of an array, since a value might be an
# array itself; each takes a call into Python, and most values are ids, texts and numbers. So plain
# classes are asked in their place, rows and lists first. What is none of them is no array: the
# driver says so. A driver that names them otherwise is as slow as it was.
_ASKED: Final = ("IterableABC", "SizedABC")
_MAPPING: Final = "MappingABC"
_NAMES: Final = dict[str, int]()
ARRAYS: Final = (
    list, tuple, set, frozenset, range, deque, array,
    type(_NAMES.keys()), type(_NAMES.values()), type(_NAMES.items()),
)  # fmt: skip
"""What may be sent as an array."""


def quicken_rows() -> None:
    """Have the driver know our rows at a glance; asked twice, it changes nothing more.

    Keeps: whatever else is sent as an array (a set, the keys of a dict) is one as before.
    """
    for name in _ASKED:
        if hasattr(protocol, name):
            setattr(protocol, name, ARRAYS)
    if hasattr(protocol, _MAPPING):
        setattr(protocol, _MAPPING, (dict, MappingProxyType))
