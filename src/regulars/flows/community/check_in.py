"""Members come to a gathering: once, and that is an activity that rules can reward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking, settle_followers
from regulars.flows.commands import RecordActivity, Redeemed
from regulars.flows.community.allowed import barred, no_gathering
from regulars.flows.community.commands import CheckIn, SeatOutcome
from regulars.flows.community.room import Room, anew, begin, best_of, end, look, told_of
from regulars.flows.community.seats.pay import Wanted, give_back, reserve
from regulars.flows.recording.record_activities import record_activities
from regulars.records.activity.types import Body
from regulars.records.community.clubs import read as clubs
from regulars.records.community.gatherings import write
from regulars.records.community.gatherings.rules import not_now
from regulars.records.community.gatherings.types import Gathering, Seat
from regulars.records.members.types import MemberRef

KIND: Final = "event-attended"
"""What rules call it."""
SOURCE: Final = "regulars-community"
NOBODYS: Final = UUID(int=0)


async def check_in_members(tx: Tx, terms: Terms, batch: Sequence[CheckIn]) -> list[SeatOutcome]:
    """Each of these members is here, once; said again, nothing changes.

    Order: that they came is recorded first; whose recording is refused is not here.
    Keeps: whoever has no seat takes one that is free; where none is, nobody is let in beyond.
    Refuses: `gathering_not_now`, `gathering_cancelled`, `no_seat`, `member_erased`,
    `member_blocked`. Faults: unknown member, `not_found` at the gathering, what recording says.
    """
    asked, todo, states = await begin(tx, terms, "check_in", batch)
    room = await look(tx, todo, states)
    paid = await _pay(tx, terms, room, todo, states)
    here: list[tuple[Asking[CheckIn], Gathering, Seat]] = []
    let_in: list[Seat] = []
    for item in todo:
        what, state = room.gatherings.get(item.command.gathering), states[item.place]
        if what is None:
            item.outcome = no_gathering(item.command.gathering)
            continue
        there = room.mine(state.member_id, what)
        best = best_of(there) if there else None
        if best is not None and best.came_at is not None:
            item.outcome = told_of(what, best)
            continue
        no: Refused | Fault | None = barred(state) or not_now(what, tx.now)
        seat = best if best is not None and best.state == "held" else None
        cost = paid.get((state.member_id, what.gathering_id))
        no = no or (cost if isinstance(cost, Refused | Fault) else None)
        if no is None and seat is None:
            reserved = cost if isinstance(cost, Redeemed) else None
            seat = _free(tx, room, what, (state.member_id, best), reserved)
            let_in += [seat] if seat else []
        if no is not None or seat is None:
            item.outcome = no or _none_free(what)
            continue
        came = replace(seat, came_at=tx.now, ahead=0)
        room.seats[state.member_id] = [
            one for one in room.seats.get(state.member_id, []) if one.seat_id != seat.seat_id
        ] + [came]
        here.append((item, what, came))
    await _record(tx, terms, here, await _clubs(tx, here))
    came_in = [one for one in here if one[0].open]
    ids = {seat.seat_id for _, _, seat in came_in}
    await give_back(tx, terms, paid.values(), {seat.redemption_id for _, _, seat in came_in})
    await tx.write(write.ask(tx, [one for one in let_in if one.seat_id in ids]))
    for item, what, seat in came_in:
        by = item.command.by or item.command.asked.principal
        await tx.write(write.came(tx, [seat.seat_id], by))
        item.outcome = told_of(what, seat)
    # Recording changed these standings in this transaction: their versions are read anew.
    if came_in or paid:
        states = await anew(tx, terms, states)
    await end(tx, terms, todo, states, (room, dict.fromkeys(ids, "seat.used")))
    return settle_followers(asked)


async def _pay(
    tx: Tx,
    terms: Terms,
    room: Room,
    todo: Sequence[Asking[CheckIn]],
    states: dict[int, MemberState],
) -> dict[tuple[UUID, UUID], Redeemed | Refused | Fault]:
    """What is reserved for whoever stands at the door without a seat where it takes points."""
    wanted: dict[tuple[UUID, UUID], Wanted] = {}
    for item in todo:
        what, state = room.gatherings.get(item.command.gathering), states[item.place]
        if what is None or not what.reward:
            continue
        there = room.mine(state.member_id, what)
        if any(one.state == "held" or one.unsettled for one in there):
            continue
        full = room.seated[what.gathering_id].held >= what.capacity
        if full or barred(state) or not_now(what, tx.now):
            continue
        told, before = item.command, room.unsettled(state.member_id, what)
        wish = Wanted(
            state.member_id, what, told.asked, shown=told.shown, may_pay=told.may_pay, before=before
        )
        wanted.setdefault((state.member_id, what.gathering_id), wish)
    return dict(zip(wanted, await reserve(tx, terms, list(wanted.values())), strict=True))


def happened(what: Gathering, seat: Seat, club: str) -> RecordActivity:
    """What rules see: that somebody came to this gathering, of which sort, and of which club."""
    details = {"gathering": what.code, "sort": what.sort} | ({"club": club} if club else {})
    return RecordActivity(
        kind=KIND,
        member=MemberRef(id=seat.member_id),
        source=SOURCE,
        external_id=f"{what.gathering_id.hex}-{(seat.of_id or seat.member_id).hex}",
        store=what.store,
        channel="community",
        body=Body(details=dict(details)),
    )


async def _record(
    tx: Tx,
    terms: Terms,
    here: Sequence[tuple[Asking[CheckIn], Gathering, Seat]],
    named: dict[UUID, str],
) -> None:
    told = [happened(what, seat, named.get(what.club_id or NOBODYS, "")) for _, what, seat in here]
    for (item, _, _), done in zip(here, await record_activities(tx, terms, told), strict=True):
        if isinstance(done, Fault | Refused):
            item.outcome = done


async def _clubs(
    tx: Tx, here: Sequence[tuple[Asking[CheckIn], Gathering, Seat]]
) -> dict[UUID, str]:
    ids = sorted({what.club_id for _, what, _ in here if what.club_id is not None})
    return {id_: club.code for id_, club in (await clubs.by_id(tx, ids)).items()}


def _free(
    tx: Tx,
    room: Room,
    what: Gathering,
    who: tuple[UUID, Seat | None],
    cost: Redeemed | None,
) -> Seat | None:
    """A seat that nobody has, for somebody who stands at the door; nothing where all are taken."""
    member_id, waits = who
    now = room.seated[what.gathering_id]
    if now.held >= what.capacity:
        return None
    room.seated[what.gathering_id] = replace(now, held=now.held + 1)
    if waits is not None:
        now_held = replace(waits, state="held", held_at=tx.now, ahead=0)
        if cost is None:  # what was given back to the line as it began is theirs
            return now_held if waits.unsettled else replace(now_held, redemption_id=None)
        return replace(now_held, redemption_id=cost.redemption_id, settled_at=None)
    room.lines[what.gathering_id] += 1
    line = room.lines[what.gathering_id]
    return Seat(
        what.gathering_id, member_id, tx.new_id(), line, "held", tx.now, tx.now,
        redemption_id=cost.redemption_id if cost else None,
    )  # fmt: skip


def _none_free(what: Gathering) -> Refused:
    says = "They have no seat, and none is free"
    return Refused("no_seat", says, {"gathering": what.code})
