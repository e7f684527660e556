"""Who has most: the leaderboards of a program, in a period that runs or is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.engine.calendar import local
from regulars.engine.compiling.stones import Stone
from regulars.engine.rewarding.gaming.paying import store_of
from regulars.engine.rewarding.milestones import first_day
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_members
from regulars.records.members.types import nobody
from regulars.records.program.parts.gaming import Leaderboard
from regulars.records.standing.boards import read
from regulars.records.standing.boards.types import Asked, End, Place


class OnBoard(Struct, frozen=True):
    """A board with its first places, or with the place of one member."""

    promise: Leaderboard
    store: str
    begins_on: date | None
    """The first day of the period; nothing where it never began."""
    places: list[Place]
    end: End | None = None
    """What was decided when the period was over, where its places have prizes."""


class Wanted(Struct, frozen=True):
    """Which board: its id, of which store, and a day of the period; today, unless said."""

    board: str
    store: str = ""
    on: date | None = None


async def show_board(tx: Tx, terms: Terms, wanted: Wanted) -> OnBoard:
    """The first places of a board, as of now; nothing is locked.

    Order: by how much they have; the same much is the same place, and places behind are left out.
    Faults: NotFound for a board or a store of it that is not there.
    """
    day = wanted.on.toordinal() if wanted.on else _today(tx, terms)
    stone = _board(terms.at(tx.now).stones, wanted)
    promise = stone.promise
    assert isinstance(promise, Leaderboard), promise
    places = await read.top(tx, _asked(stone, promise, day), promise.shows)
    found = _on(stone, promise, day, places)
    if found.begins_on is None:
        return found
    key = promise.id, found.store, found.begins_on.toordinal()
    return replace(found, end=await read.end(tx, key))


async def show_places(tx: Tx, terms: Terms, member_id: UUID) -> list[OnBoard]:
    """The place of a member on each board of today; boards on which they are not are left out.

    Faults: UnknownMember.
    """
    states = await hold_members(tx, terms, [member_id], lock=False)
    if member_id not in states:
        raise nobody()
    day, found = _today(tx, terms), []
    for stone in terms.at(tx.now).stones:
        promise = stone.promise
        if isinstance(promise, Leaderboard):
            place = await read.own(tx, _asked(stone, promise, day), states[member_id].member_id)
            if place is not None:
                found.append(_on(stone, promise, day, [place]))
    return found


def _board(stones: Iterable[Stone], wanted: Wanted) -> Stone:
    boards = (one for one in stones if isinstance(one.promise, Leaderboard))
    mine = [one for one in boards if one.promise.id == wanted.board]
    if not mine:
        raise NotFound(f"there is no leaderboard {wanted.board[:40]!r}")
    for one in mine:
        if store_of(one) == wanted.store:
            return one
    there = ", ".join(filter(None, map(store_of, mine)))
    says = f"this leaderboard is of these stores: {there}" if there else "it is of no single store"
    raise NotFound(says, field="store")


def _asked(stone: Stone, promise: Leaderboard, day: int) -> Asked:
    nicknames = promise.names == "nickname"
    return Asked(stone.counter, stone.period(day), nicknames, promise.unlisted)


def _on(stone: Stone, promise: Leaderboard, day: int, places: list[Place]) -> OnBoard:
    begins = first_day(promise.per, day)
    on = None if begins is None else date.fromordinal(begins)
    return OnBoard(promise, store_of(stone), on, places)


def _today(tx: Tx, terms: Terms) -> int:
    return local(terms.at(tx.now).zone, tx.now).day
