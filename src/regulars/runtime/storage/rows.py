"""Rows for the driver: it asks of each value whether it is a list, and is answered quickly."""

from __future__ import annotations

from array import array
from collections import deque
from datetime import datetime
from types import MappingProxyType
from typing import Final

from asyncpg.pgproto import pgproto
from asyncpg.protocol import protocol

# The driver asks three abstract classes about every value of an array, since a value might be an
# array itself; each takes a call into Python, and most values are ids, texts and numbers. So plain
# classes are asked in their place, rows first and lists next. What is none of them is no array: the
# driver says so. A driver that names them otherwise is as slow as it was.
_ASKED: Final = "IterableABC"
_ASKED_AGAIN: Final = "SizedABC"
_MAPPING: Final = "MappingABC"
_FAR: Final = ("infinity_datetime", "negative_infinity_datetime")
_NAMES: Final = dict[str, int]()
ARRAYS: Final = (
    tuple, list, set, frozenset, range, deque, array,
    type(_NAMES.keys()), type(_NAMES.values()), type(_NAMES.items()),
)  # fmt: skip
"""What may be sent as an array."""


class _Endless:
    """What the driver takes for no end of time. It compares each instant it sends with both, and an
    instant without a zone, as its own are, is compared by asking the other's zone each time. None
    of ours is without end (`NEVER` is a day), and nothing else is equal to this. One that is read
    is this, too, and no instant: a statement that may meet one leaves it out or says another."""

    def __repr__(self) -> str:
        return "an instant without end, which no statement here reads (runtime/storage/rows.py)"


def quicken_rows() -> None:
    """Have the driver know our rows at a glance; asked twice, it changes nothing more.

    Keeps: whatever else is sent as an array (a set, the keys of a dict) is one as before.
    """
    if hasattr(protocol, _ASKED):
        setattr(protocol, _ASKED, ARRAYS)
    if hasattr(protocol, _ASKED_AGAIN):
        setattr(protocol, _ASKED_AGAIN, object)  # whatever is one of these has a length
    if hasattr(protocol, _MAPPING):
        setattr(protocol, _MAPPING, (dict, MappingProxyType))
    for name in _FAR:
        if isinstance(getattr(pgproto, name, None), datetime):
            setattr(pgproto, name, _Endless())
