"""Whom a step of the night has yet to look at: found all at once, taken some at a time."""

from __future__ import annotations

from typing import Final
from uuid import UUID

LISTED: Final = 500_000
"""So many ids are found at once: eight megabytes."""
_ID_BYTES: Final = 16


class Ahead:
    """The members ahead of a step in one run, in the order of their ids.

    What ends together lies in one place of its index, a million rows perhaps. Whoever asks there
    for the next two hundred passes over all that were told before them, each time; so they are
    found at once, and looked at again only by their ids.
    Order: a batch is behind us once `went_on` says that it is committed; until then it is given
    out again, or a smaller part of it.
    Keeps: in one run nobody has a second turn. Who comes in meanwhile has theirs in the next one.
    """

    def __init__(self) -> None:
        self._lists: dict[int, _List] = {}
        self._given: tuple[_List, int] | None = None

    def of(self, which: int) -> _List:
        """One list: a wallet's, or the only one."""
        return self._lists.setdefault(which, _List())

    def some(self, which: int, most: int) -> list[UUID]:
        """The next members of a list that is filled, nobody when all are behind us."""
        one = self.of(which)
        members = one.look(most)
        self._given = (one, len(members))
        return members

    def went_on(self) -> None:
        """What was given out last is done and committed."""
        if self._given is not None:
            one, many = self._given
            one.at += many * _ID_BYTES
            self._given = None


class _List:
    """Those of one kind."""

    def __init__(self) -> None:
        self.at = 0
        self.last: UUID | None = None
        """The one behind whom more are to be found."""
        self._ids = b""
        self._over = False

    @property
    def empty(self) -> bool:
        """Whether more have to be found before some can be given out."""
        return self.at == len(self._ids) and not self._over

    def fill(self, ids: bytes, most: int) -> None:
        """Take what was found, one id behind the other; fewer than so many were the last."""
        self._ids, self.at, self._over = ids, 0, len(ids) < most * _ID_BYTES
        self.last = UUID(bytes=ids[-_ID_BYTES:]) if ids else None

    def look(self, most: int) -> list[UUID]:
        """The first of those that are left."""
        some = self._ids[self.at : self.at + most * _ID_BYTES]
        return [UUID(bytes=some[i : i + _ID_BYTES]) for i in range(0, len(some), _ID_BYTES)]
