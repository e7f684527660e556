"""Rows for the driver: it asks of each whether it is a list, and is answered quickly."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from asyncpg.protocol import protocol

# The driver asks three abstract classes about every row of an array, since a row might be an array
# itself; each takes a call into Python. Rows are tuples, and arrays of them lists, so the plain
# classes are asked first. A driver that names them otherwise is as slow as it was.
_ASKED: Final = ("IterableABC", "SizedABC")
_MAPPING: Final = "MappingABC"
_OURS: Final = (list, tuple)


def quicken_rows() -> None:
    """Have the driver know our rows at a glance; asked twice, it changes nothing more.

    Keeps: whatever else is sent as an array (a set, the keys of a dict) is one as before.
    """
    for name in _ASKED:
        known = getattr(protocol, name, None)
        if isinstance(known, type):
            setattr(protocol, name, (*_OURS, known))
    if isinstance(getattr(protocol, _MAPPING, None), type):
        setattr(protocol, _MAPPING, (dict, MappingProxyType))
