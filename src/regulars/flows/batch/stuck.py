"""A step of the night that cannot end, with the names of those it was about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from regulars.base.faults import StaleTerms


class Stuck(Exception):
    """A step could not end with one of these members; the cause tells why."""

    def __init__(self, step: str, members: frozenset[UUID]) -> None:
        super().__init__(step)
        self.step = step
        self.members = members


@contextmanager
def about(step: str, members: Iterable[UUID]) -> Iterator[None]:
    """Name the members of this batch in whatever goes wrong with them."""
    try:
        yield
    except StaleTerms:
        raise  # true of the whole program, not of anybody in it
    except Exception as trouble:
        raise Stuck(step, frozenset(members)) from trouble
