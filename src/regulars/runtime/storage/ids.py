"""New ids: UUIDv7 (RFC 9562), in order of making within a process, and loyalty-number digits."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from regulars.base.ids import id_of

_VERSION = 7 << 76
_VARIANT = 2 << 62
_COUNTED = 61
"""Bits that start at random and count up; the topmost stays free, so counting never runs over."""
_BEGINNING: Final = 10
"""Random bytes with which a millisecond begins."""
_AHEAD: Final = 64
"""Beginnings drawn at a time: asking the system takes longer than making ten ids."""


class Ids:
    """A maker of ids, for one event loop. Two ids of one maker differ and sort as they were made.

    Within a millisecond the lower of the 74 random bits count up from a random start, so order
    holds even for thousands of ids of one batch; a clock that steps back does not take the order
    with it. A process makes its own: what was drawn ahead is not shared with a child.
    """

    __slots__ = ("_beginnings", "_last", "_millisecond")

    def __init__(self) -> None:
        self._millisecond = 0
        self._last = 0
        self._beginnings = _drawn_ahead()

    def new_id(self) -> UUID:
        """A fresh id, later than every id this process made before."""
        now = time.time_ns() // 1_000_000
        if now > self._millisecond:
            self._millisecond = now
            random = next(self._beginnings)
            middle = (random >> 68) << 64
            low = random & ((1 << _COUNTED) - 1)
            self._last = (now << 80) | _VERSION | middle | _VARIANT | low
        else:
            self._last += 1
        return id_of(self._last.to_bytes(16, "big"))

    def new_number(self) -> str:
        """Eleven random digits, the first not 0: a loyalty number without its check digit."""
        return str(secrets.randbelow(9 * 10**10) + 10**10)

    def secret_bits(self, count: int) -> int:
        """So many bits by chance that nobody can guess: what a code is made of."""
        return secrets.randbits(count)


def _drawn_ahead() -> Iterator[int]:
    """What milliseconds begin with; whoever was forked off throws away what was drawn before."""
    while True:
        drawn, drawer = os.urandom(_BEGINNING * _AHEAD), os.getpid()
        for at in range(0, len(drawn), _BEGINNING):
            if os.getpid() != drawer:
                break
            yield int.from_bytes(drawn[at : at + _BEGINNING], "big")
