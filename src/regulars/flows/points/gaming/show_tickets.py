"""How many tickets a member has in each draw, before it is drawn and afterwards."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.engine.compiling.stones import Stone
from regulars.engine.rewarding.gaming import drawing
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_members
from regulars.records.members import read as members
from regulars.records.members.types import Member, nobody
from regulars.records.program.parts.gaming import Draw as Promise
from regulars.records.rewards.draws import read
from regulars.records.rewards.draws.types import Draw, Entrant, OnList, Won


class InDraw(Struct, frozen=True):
    """A draw, and what a member has in it."""

    promise: Promise
    kept: Draw | None
    """As it was announced; nothing before."""
    alias: str
    """How they stand on the list."""
    score: int
    """Deeds, pieces or minor units that count by now."""
    tickets: int
    """Once it is drawn those it was drawn with; 0 for who may not win."""
    won: int
    """The how-manieth prize; 0 for none."""
    booked: Won | None = None
    """What was booked for it, or why it waits."""
    closed: OnList | None = None
    """The list, once it is closed, and how they stand on it."""
    place: int = 0
    """On the list that is closed or drawn; 0 for who is on none."""


async def show_tickets(tx: Tx, terms: Terms, member_id: UUID) -> list[InDraw]:
    """A member's tickets in each draw of the program in force; nothing is locked.

    Faults: UnknownMember.
    """
    states = await hold_members(tx, terms, [member_id], lock=False)
    if member_id not in states:
        raise nobody()
    version, state = terms.at(tx.now), states[member_id]
    stones = [one for one in version.stones if isinstance(one.promise, Promise)]
    if not stones:
        return []
    names = [one.promise.id for one in stones]
    kept = await read.announced(tx, names)
    drawn = await read.own(tx, names, state.member_id)
    closed = await read.on_lists(tx, names, state.member_id) if kept else {}
    who = (await members.members(tx, [state.member_id]))[state.member_id]
    booked = await read.won(tx, names) if any(one.won for one in drawn.values()) else {}
    found = [
        _in(stone, (state, who), (kept.get(name), drawn.get(name), closed.get(name)))
        for name, stone in zip(names, stones, strict=True)
    ]
    return [replace(one, booked=booked.get((one.promise.id, one.won))) for one in found]


def _in(
    stone: Stone,
    whose: tuple[MemberState, Member],
    so_far: tuple[Draw | None, Entrant | None, OnList | None],
) -> InDraw:
    state, who = whose
    kept, drawn, closed = so_far
    promise = stone.promise
    assert isinstance(promise, Promise), promise
    score = state.counters.get((stone.counter, stone.period(stone.days[0])), 0)
    if drawn is not None:
        told = promise, kept, drawn.alias, score, drawn.tickets, drawn.won
        return InDraw(*told, closed=closed, place=drawn.place)
    over = kept is not None and kept.drawn_at is not None
    if closed is not None:
        alias = drawing.alias(promise.id, closed.member_id or state.member_id)
        own = 0 if over else closed.tickets
        return InDraw(promise, kept, alias, score, own, 0, closed=closed, place=closed.place)
    alias = drawing.alias(promise.id, state.member_id)
    may_win = who.state == "active" and who.attributes.get(promise.excluded) is not True
    own = drawing.tickets(max(score, 0), stone.each, promise.most) if may_win and not over else 0
    return InDraw(promise, kept, alias, score, own, 0)
