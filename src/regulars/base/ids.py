"""Ids and digests: 128 bits, in the form that is quickest to make, to compare and to send."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final
from uuid import UUID

# The driver's own UUID, a subclass of Python's: made in a tenth of the time, hashed in a third.
# Nothing else of the driver may be known here; the import contracts allow this file alone.
from asyncpg.pgproto import pgproto

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_NAME: Final = 32


def as_ours(id_: UUID) -> UUID:
    """The same id in our form, wherever it was read; it equals the other and has its hash."""
    return id_of(id_.bytes)


id_of: Final[Callable[[bytes | str], UUID]] = pgproto.UUID
"""The id made of these 16 bytes, or of 32 hexadecimal digits; nothing lies between, since a
decision makes six."""


def first_id(at: datetime) -> UUID:
    """The least id that can be made at this instant or later: ids begin with their millisecond.

    Assumes: ids are made by the clock of the house. A moment of a sandbox is this much too late,
    by as far as its clock is ahead (`Tx.ahead`); before 1970 it is the least of all.
    """
    milliseconds = max(0, (at - _EPOCH) // timedelta(milliseconds=1))
    return id_of((milliseconds << 80).to_bytes(16, "big"))


def short(name: str) -> str:
    """A name as an id for systems that have no room for a long one: itself, or a digest of it.

    Example: `main` is `main`; a name of 33 letters is 32 hexadecimal digits.
    """
    if len(name) <= _LONGEST_NAME:
        return name
    return blake2b(name.encode(), digest_size=_LONGEST_NAME // 2).hexdigest()
