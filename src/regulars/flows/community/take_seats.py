"""Members ask for seats and give them up; whoever waits longest moves up."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking, settle_followers
from regulars.flows.commands import Redeemed
from regulars.flows.community.allowed import barred, no_gathering
from regulars.flows.community.commands import GiveUpSeat, SeatOutcome, TakeSeat
from regulars.flows.community.room import Room, anew, begin, best_of, end, look, told_of
from regulars.flows.community.seats.pay import Wanted, given_up, gives_back, reserve, settle
from regulars.records.community.clubs.rules import is_in
from regulars.records.community.gatherings import write
from regulars.records.community.gatherings.rules import not_yet
from regulars.records.community.gatherings.types import Gathering, Seat


async def take_seats(tx: Tx, terms: Terms, batch: Sequence[TakeSeat]) -> list[SeatOutcome]:
    """Each of these members has a seat, or stands in line behind whoever asked before, once.

    Order: members are locked, then the gatherings; so of many who ask at once as many as there are
    seats have one, and all others wait in the order in which they were heard. What a seat takes is
    reserved before anybody has it.
    Refuses: `gathering_not_open`, `gathering_begun`, `gathering_cancelled`, `club_only`,
    `member_erased`, `member_blocked`, and as redeeming does where a seat takes points. Faults:
    unknown member, `not_found` at the gathering.
    """
    asked, todo, states = await begin(tx, terms, "take_seat", batch)
    room = await look(tx, todo, states)
    paid = await _pay(tx, terms, room, todo, states)
    taken: list[Seat] = []
    for item in todo:
        what = room.gatherings.get(item.command.gathering)
        if what is None:
            item.outcome = no_gathering(item.command.gathering)
            continue
        state = states[item.place]
        there = room.mine(state.member_id, what)
        no = barred(state) or (None if there else _closed(tx, room, what, state))
        cost = None if there else paid.get((state.member_id, what.gathering_id))
        if no is not None:
            item.outcome = no
        elif there:
            item.outcome = told_of(what, best_of(there))
        elif isinstance(cost, Refused | Fault):
            item.outcome = cost
        else:
            seat = _seat(tx, room, what, (state.member_id, cost))
            taken.append(seat)
            item.outcome = told_of(what, seat)
    await tx.write(write.ask(tx, taken))
    fresh = {one.seat_id: f"seat.{one.state}" for one in taken}
    if paid:  # reserving changed these standings in this transaction
        states = await anew(tx, terms, states)
    await end(tx, terms, todo, states, (room, fresh))
    return settle_followers(asked)


async def give_up_seats(tx: Tx, terms: Terms, batch: Sequence[GiveUpSeat]) -> list[SeatOutcome]:
    """Each of these members gives their seat up, or waits no longer, once; then whoever waits
    longest moves up.

    Keeps: what the seat took is given back until the day the gathering says, and to whoever waits
    on any; from then on it is spent.
    Refuses: `gathering_begun`, `came_already`. Faults: unknown member, `not_found` for a gathering
    that is not there or at which they have no seat.
    """
    asked, todo, states = await begin(tx, terms, "give_up_seat", batch)
    room = await look(tx, todo, states)
    gone: dict[UUID, str] = {}
    free: set[UUID] = set()
    paid: list[tuple[Seat, bool]] = []
    for item in todo:
        what, state = room.gatherings.get(item.command.gathering), states[item.place]
        if what is None:
            item.outcome = no_gathering(item.command.gathering)
            continue
        there = [one for one in room.mine(state.member_id, what) if one.seat_id not in gone]
        no = _kept_on(tx, what, there)
        if no is not None:
            item.outcome = no
            continue
        gone |= {one.seat_id: "seat.given_up" for one in there}
        free |= {what.gathering_id}
        best = best_of(there)
        paid += [
            (one, one is not best or gives_back(tx, what, one)) for one in there if one.unsettled
        ]
        item.outcome = given_up(tx, what, best)
    await tx.write(write.give_up(tx, sorted(gone)))
    for gathering_id in sorted(free):
        await write.fill(tx, gathering_id)
    if paid:
        await tx.write(write.settle(tx, await settle(tx, terms, paid)))
        states = await anew(tx, terms, states)
    await end(tx, terms, todo, states, (room, gone))
    return settle_followers(asked)


async def _pay(
    tx: Tx,
    terms: Terms,
    room: Room,
    todo: Sequence[Asking[TakeSeat]],
    states: dict[int, MemberState],
) -> dict[tuple[UUID, UUID], Redeemed | Refused | Fault]:
    """What is reserved for whoever may have a seat that takes points, or why it is not."""
    wanted: dict[tuple[UUID, UUID], Wanted] = {}
    for item in todo:
        what, state = room.gatherings.get(item.command.gathering), states[item.place]
        if what is None or not what.reward or room.mine(state.member_id, what):
            continue
        if barred(state) or _closed(tx, room, what, state):
            continue
        told, place = item.command, (state.member_id, what.gathering_id)
        wish = Wanted(
            state.member_id, what, told.asked, told.signed_in, told.shown, told.may_pay,
            room.unsettled(state.member_id, what),
        )  # fmt: skip
        wanted.setdefault(place, wish)
    return dict(zip(wanted, await reserve(tx, terms, list(wanted.values())), strict=True))


def _seat(tx: Tx, room: Room, what: Gathering, who: tuple[UUID, Redeemed | None]) -> Seat:
    """The next seat, or the end of the line."""
    member_id, cost = who
    id_ = what.gathering_id
    room.lines[id_] += 1
    now = room.seated[id_]
    held = now.held < what.capacity and not now.waiting
    room.seated[id_] = replace(
        now, held=now.held + held, waiting=now.waiting + (not held)
    )  # fmt: skip
    seat = Seat(
        gathering_id=id_, member_id=member_id, seat_id=tx.new_id(), line=room.lines[id_],
        state="held" if held else "waiting", asked_at=tx.now, held_at=tx.now if held else None,
        ahead=0 if held else now.waiting, redemption_id=cost.redemption_id if cost else None,
    )  # fmt: skip
    room.seats.setdefault(member_id, []).append(seat)
    return seat


def _closed(tx: Tx, room: Room, what: Gathering, state: MemberState) -> Refused | None:
    no = not_yet(what, state.tier, tx.now)
    if no is not None or what.club_id is None:
        return no
    if is_in(room.places.get(state.member_id, []), what.club_id):
        return None
    return Refused("club_only", "This is for who is in its club", {"gathering": what.code})


def _kept_on(tx: Tx, what: Gathering, there: Sequence[Seat]) -> Refused | NotFound | None:
    """Why somebody has nothing to give up; nothing where they have.

    Keeps: what a seat took is settled once it has begun, so whoever asked before and is heard after
    is told that, and has not paid for a seat they gave up in time.
    """
    if not there:
        return NotFound("this member has no seat at this gathering", field="/gathering")
    told = {"gathering": what.code}
    if any(one.came_at is not None for one in there):
        return Refused("came_already", "They are here already", told)
    settled = what.state == "open" and any(one.settled_at is not None for one in there)
    if settled or tx.now >= what.begins_at:
        return Refused("gathering_begun", "It has begun already", told)
    return None
