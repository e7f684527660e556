"""New ids: UUIDv7 (RFC 9562), in order of making within a process, and loyalty-number digits."""

from __future__ import annotations

import os
import secrets
import time
from uuid import UUID

# The driver's own UUID, a subclass of Python's: six times as fast to make and to send.
from asyncpg.pgproto import pgproto

_VERSION = 7 << 76
_VARIANT = 2 << 62
_LOW = (1 << 62) - 1


class Ids:
    """A maker of ids, for one event loop. Two ids of one maker differ and sort as they were made.

    Within a millisecond the 74 random bits count up from a random start, so order holds even
    for thousands of ids of one batch; a clock that steps back does not take the order with it.
    """

    __slots__ = ("_millisecond", "_tail")

    def __init__(self) -> None:
        self._millisecond = 0
        self._tail = 0

    def new_id(self) -> UUID:
        """A fresh id, later than every id this process made before."""
        now = time.time_ns() // 1_000_000
        if now > self._millisecond:
            self._millisecond = now
            # The top bit stays free, so counting up never runs over.
            self._tail = int.from_bytes(os.urandom(10), "big") >> 7
        else:
            self._tail += 1
        tail = self._tail
        middle = (tail >> 62) << 64
        number = (self._millisecond << 80) | _VERSION | middle | _VARIANT | (tail & _LOW)
        made: UUID = pgproto.UUID(number.to_bytes(16, "big"))
        return made

    def new_number(self) -> str:
        """Eleven random digits, the first not 0: a loyalty number without its check digit."""
        return str(secrets.randbelow(9 * 10**10) + 10**10)
