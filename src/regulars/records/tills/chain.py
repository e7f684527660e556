"""Whether a record fits where it says it stands in what its till recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from regulars.records.tills.signing import first_previous

FIRST = 1


class Link(NamedTuple):
    """A record as its neighbours see it: its own hash, and the one it names before it."""

    hash: bytes
    previous: bytes


def fits(till_id: UUID, sequence: int, link: Link, placed: Mapping[int, Link]) -> bool:
    """Whether this record is the one and only of its number, and meets its neighbours.

    What has not come yet (a gap) is no slip: the record takes its place and is compared when its
    neighbours come. A device that was restored from an old copy says something else at a number
    that is taken, or follows a record that is not ours: both are a fork (semantics I3).
    """
    here, before, after = (placed.get(sequence + step) for step in (0, -1, 1))
    if here is not None and here != link:
        return False
    expected = first_previous(till_id) if sequence == FIRST else before and before.hash
    if expected is not None and link.previous != expected:
        return False
    return after is None or after.previous == link.hash
