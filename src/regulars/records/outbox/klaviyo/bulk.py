"""Jobs by which Klaviyo takes many profiles at once: the one on its way, and what was not taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

MOST_SHOWN: Final = 100
"""So many members that were not taken are kept by name; all of them are counted."""


class NotTaken(Struct, frozen=True):
    """A member whose profile Klaviyo does not take: its code, and the field it names."""

    member_id: UUID | None
    """Nothing where its answer does not say whose profile it was."""
    code: str
    field: str = ""


class Bulk(Struct, frozen=True):
    """How far jobs of many profiles are, since everybody is being told of."""

    job: str = ""
    """Its number there; empty while none is on its way."""
    to: UUID | None = None
    """The last member it tells of."""
    of: int = 0
    since: datetime | None = None
    jobs: int = 0
    """How many are done."""
    missed: int = 0
    """How many profiles they did not take, nor were taken by themselves after that."""
    refused: tuple[NotTaken, ...] = ()
    """The newest of these."""


_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Bulk).decode


def bulk_of(kept: str) -> Bulk:
    """As it was kept."""
    return _decode(kept) if kept else Bulk()


def as_kept(one: Bulk) -> str:
    """As it is kept."""
    return "" if one == Bulk() else _encode(one).decode()


def done(one: Bulk, missed: Sequence[NotTaken]) -> Bulk:
    """Its job is done, and these were not taken."""
    return replace(
        one, job="", to=None, of=0, since=None, jobs=one.jobs + 1, missed=one.missed + len(missed),
        refused=(*missed, *one.refused)[:MOST_SHOWN],
    )  # fmt: skip
