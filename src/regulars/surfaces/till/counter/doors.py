"""Events that take place now, and that whoever stands at the till is here for one of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from regulars.base.faults import NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.community.check_in import check_in_members
from regulars.flows.community.commands import CheckIn
from regulars.records.access.types import Scope
from regulars.records.community.gatherings import read
from regulars.records.community.gatherings.types import AROUND, Gathering, Seat
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef, nobody
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.belonging.community import examples
from regulars.surfaces.api.operations.belonging.community.gatherings import PAYING
from regulars.surfaces.api.operations.belonging.community.refusals import RECORDING
from regulars.surfaces.api.operations.belonging.community.wire import SeatShown, seat_done
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.till.sync.cashiers import proven
from regulars.surfaces.till.sync.devices import working

MOST: Final = 10
"""So many events are shown."""


class EventHere(Struct, frozen=True):
    """An event of the till's store, or of none, to which somebody may be let in now."""

    gathering: str
    name: str
    begins_at: datetime
    from_at: datetime
    until_at: datetime
    """Before and after that nobody is let in."""
    state: Literal["held", "waiting", "none"]
    """Whether the member has a seat, waits for one, or neither."""
    free: int
    """Seats that nobody has."""
    came_at: datetime | None


class EventsHere(Struct, frozen=True):
    """Events that take place about now, the first first."""

    server_at: datetime
    items: list[EventHere]


class ArrivedSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody is here; `cashier` is who stands at the till."""

    cashier: Annotated[str, Meta(max_length=60)] = ""


async def shown(call: Call) -> Reply:
    """What takes place now, and where they stand with it. Faults: Gone for a till at rest."""
    till = await working(call)
    id_ = addressed("mem", call.ids["member_id"])

    async def look(tx: Tx, _: Terms) -> EventsHere:
        if (await members.members(tx, [id_])).get(id_) is None:
            raise nobody()
        here = await read.about_now(tx, till.store, MOST)
        seats = (await read.seats_of(tx, [id_])).get(id_, []) if here else []
        many = await read.seated(tx, [one.gathering_id for one in here])
        return EventsHere(
            tx.now,
            [_here(one, seats, one.capacity - many[one.gathering_id].held) for one in here],
        )

    return Reply(await call.read(look))


async def arrived(call: Call) -> Reply:
    """They are here. Faults: Gone for a till that is at rest, NotFound for another store's."""
    till, sent = await working(call), call.sent
    code = call.ids["gathering"]
    async with call.transaction as tx:
        there = await read.gathering(tx, code)
    if there is None or there.store not in ("", till.store):
        raise NotFound("there is no such event in this store", field="/gathering")
    principal, who = await proven(call, till, sent.cashier)
    asked = replace(call.asked, principal=principal) if who else call.asked
    member = MemberRef(id=addressed("mem", call.ids["member_id"]))
    answer = await call.do(check_in_members, CheckIn(member, code, asked.principal, asked))
    return Reply(seat_done(answer), 200, answer.replayed)


def _here(one: Gathering, seats: list[Seat], free: int) -> EventHere:
    mine = [seat for seat in seats if seat.gathering_id == one.gathering_id and seat.taken]
    best = min(mine, key=lambda seat: (seat.came_at is None, seat.state != "held"), default=None)
    state: Any = "none" if best is None else best.state
    return EventHere(
        one.code, one.name, one.begins_at, one.begins_at - AROUND, one.ends_at + AROUND, state,
        max(free, 0), None if best is None else best.came_at,
    )  # fmt: skip


_EVENT: Final[dict[str, Any]] = {
    "gathering": "evening",
    "name": "An evening",
    "begins_at": "2026-07-10T18:00:00Z",
    "from_at": "2026-07-09T18:00:00Z",
    "until_at": "2026-07-11T21:00:00Z",
    "state": "held",
    "free": 3,
    "came_at": None,
}


def _operation(method: str, path: str, name: str, **told: Any) -> Operation:
    return Operation(
        method=method, path=path, name=name, tag="Tills", scopes=(Scope.TILL,), **told
    )  # fmt: skip


OPERATIONS: Final = (
    _operation(
        "GET", "/v1/till/members/{member_id}/gatherings", "list_gatherings_at_till",
        says="Events of the till's store that take place now, and the member's seats at them",
        answers={200: EventsHere},
        answer_example={"server_at": "2026-07-10T17:30:00Z", "items": [_EVENT]},
        codes=("unknown_member", "not_found", "gone"),
        do=shown,
    ),
    _operation(
        "POST", "/v1/till/members/{member_id}/gatherings/{gathering}/arrive", "arrive_at_till",
        says="Say that the member at the till is here for an event",
        notes="Once; said again it stays. Whoever has no seat takes one that is free, for points "
        "where it takes points.",
        sent=ArrivedSent,
        answers={200: SeatShown},
        example={},
        answer_example=examples.SEAT,
        codes=(
            "not_found", "unknown_member", "member_erased", "member_blocked", "gathering_not_now",
            "gathering_cancelled", "no_seat", "pin_wrong", "gone", *PAYING, *RECORDING,
        ),
        do=arrived,
    ),
)  # fmt: skip
