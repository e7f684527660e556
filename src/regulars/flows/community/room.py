"""The gatherings of a batch and their seats, under lock: what flows about seats begin with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.askings import Asking, askings, kept, sort_out
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import find_named
from regulars.flows.community.commands import SeatTold
from regulars.flows.community.told import payload_of, points_of
from regulars.records.community.clubs import read as clubs
from regulars.records.community.clubs.types import Place
from regulars.records.community.gatherings import read
from regulars.records.community.gatherings.types import Gathering, Seat, Seated
from regulars.records.once.write import keep


class Room(Struct):
    """The gatherings of a batch under lock, as the one before left them."""

    gatherings: dict[str, Gathering]
    seats: dict[UUID, list[Seat]]
    """By member, of these and all other gatherings."""
    seated: dict[UUID, Seated]
    lines: dict[UUID, int]
    """The number of whoever asked last, by gathering."""
    places: dict[UUID, list[Place]]

    def unsettled(self, who: UUID, what: Gathering) -> Seat | None:
        """Their seat of before here, where something is reserved for it still."""
        gone = (
            one for one in self.seats.get(who, [])
            if one.gathering_id == what.gathering_id and not one.taken and one.unsettled
        )  # fmt: skip
        return next(gone, None)

    def mine(self, who: UUID, what: Gathering) -> list[Seat]:
        """What somebody has or waits for at this gathering; who was merged may have two."""
        return [
            one for one in self.seats.get(who, [])
            if one.gathering_id == what.gathering_id and one.taken
        ]  # fmt: skip


async def begin(
    tx: Tx, terms: Terms, operation: str, batch: Sequence[Any]
) -> tuple[list[Asking[Any]], list[Asking[Any]], dict[int, MemberState]]:
    """What is asked, what of it is new, and about whom: their standings are locked."""
    asked = askings(operation, batch, lambda _: None)
    await sort_out(tx, asked, SeatTold)
    fresh = [item for item in asked if item.open]
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    states = await hold_members(tx, terms, found.values()) if found else {}
    todo = [item for item in fresh if item.open]
    return asked, todo, {item.place: states[found[item.place]] for item in todo}


async def look(tx: Tx, todo: Sequence[Asking[Any]], states: dict[int, MemberState]) -> Room:
    """Lock the gatherings that are meant, and read what is there since."""
    codes = sorted({item.command.gathering for item in todo})
    meant = await read.by_code(tx, codes) if codes else {}
    ids = [one.gathering_id for one in meant.values()]
    await read.hold_seats(tx, ids)
    found = {one.code: one for one in (await read.by_id(tx, ids)).values()}
    whose = sorted({one.member_id for one in states.values()})
    closed = any(one.club_id is not None for one in found.values())
    return Room(
        gatherings=found,
        seats=await read.seats_of(tx, whose) if whose else {},
        seated=await read.seated(tx, ids) if ids else {},
        lines={id_: await read.last_in_line(tx, id_) for id_ in ids},
        places=await clubs.places(tx, whose) if closed else {},
    )


async def end(
    tx: Tx,
    terms: Terms,
    todo: Sequence[Asking[Any]],
    states: dict[int, MemberState],
    what: tuple[Room, dict[UUID, str]],
) -> None:
    """Keep what is answered, and tell the world what is new: by seat, as which event."""
    (room, events), rows, changes = what, [], Changes(tx.new_id)
    for item in todo:
        outcome = item.outcome
        if not isinstance(outcome, SeatTold):
            continue
        rows += kept(item, outcome.member_id, outcome.seat_id)
        type_ = events.pop(outcome.seat_id, "")
        if type_:
            state, found = states[item.place], room.gatherings[outcome.gathering]
            changes.touch(state)
            told = payload_of(found, outcome.seat_id, moved_up=False)
            changes.events.append(Event(state.member_id, state.version, type_, told))
    await tx.write([*keep(tx, rows), *writes_of(tx, terms, changes)])


async def anew(tx: Tx, terms: Terms, states: dict[int, MemberState]) -> dict[int, MemberState]:
    """These standings as they are after something else changed them in this transaction."""
    now = await hold_members(tx, terms, {one.member_id for one in states.values()})
    return {place: now[one.member_id] for place, one in states.items()}


def told_of(what: Gathering, seat: Seat) -> SeatTold:
    """Where a member stands with a gathering."""
    return SeatTold(
        seat.member_id, what.gathering_id, what.code, seat.seat_id, seat.state, seat.asked_at,
        seat.ahead, seat.came_at, redemption_id=seat.redemption_id,
        points=points_of(seat),
    )  # fmt: skip


def best_of(seats: Sequence[Seat]) -> Seat:
    """Of two seats of one person that one has a place by which they come."""
    return min(seats, key=lambda one: (one.came_at is None, one.state != "held", one.line))
