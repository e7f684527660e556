"""Events that take place now, and that whoever stands at the till is here for one of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal, NamedTuple
from uuid import UUID

from msgspec import Meta, Struct
from msgspec.structs import replace

from regulars.base.faults import NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import Redeem
from regulars.flows.community.check_in import check_in_members
from regulars.flows.community.commands import CheckIn
from regulars.flows.community.seats.pay import CHANNEL
from regulars.flows.points.quote_reward import quote_reward
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
from regulars.surfaces.api.wire.parts import Whom
from regulars.surfaces.api.wire.rewarding.rewards import PriceAsShown
from regulars.surfaces.till.sync.cashiers import Cashier, approved, proven
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
    price: dict[str, int] = {}
    """So many points, by wallet, a seat takes of them; nothing of who has one, or where it takes
    none."""


class EventsHere(Struct, frozen=True):
    """Events that take place about now, the first first."""

    server_at: datetime
    items: list[EventHere]


class ArrivedSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody is here; `cashier` is who stands at the till."""

    cashier: Annotated[str, Meta(max_length=60)] = ""
    approved_by: Cashier = ""
    """Who says yes above the shop's limit (`redeem_limit`): somebody who may approve."""
    pin: Annotated[str, Meta(max_length=20)] = ""
    """Theirs."""
    price: PriceAsShown = {}
    """So many points, by wallet, were shown as the price of a seat; where it takes others, or any
    and none were shown, it is refused (`price_changed`)."""


class _Agreed(NamedTuple):
    """Who is let in, and who says yes to it."""

    member: Whom
    approved_by: str
    pin: str


async def shown(call: Call) -> Reply:
    """What takes place now, and where they stand with it. Faults: Gone for a till at rest."""
    till = await working(call)
    id_ = addressed("mem", call.ids["member_id"])

    async def look(tx: Tx, terms: Terms) -> EventsHere:
        if (await members.members(tx, [id_])).get(id_) is None:
            raise nobody()
        here = await read.about_now(tx, till.store, MOST)
        seats = (await read.seats_of(tx, [id_])).get(id_, []) if here else []
        many = await read.seated(tx, [one.gathering_id for one in here])
        lines = [_here(one, seats, one.capacity - many[one.gathering_id].held) for one in here]
        items = [
            replace(line, price=await _price(tx, terms, id_, one)) if _pays(one, line) else line
            for one, line in zip(here, lines, strict=True)
        ]
        return EventsHere(tx.now, items)

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
    agreed = _Agreed(Whom(id=call.ids["member_id"]), sent.approved_by, sent.pin)
    yes = bool(there.reward) and await approved(call, till, agreed, there.reward)
    asked = replace(asked, alone=not yes)
    member = MemberRef(id=addressed("mem", call.ids["member_id"]))
    command = CheckIn(member, code, asked.principal, asked, shown=sent.price)
    answer = await call.do(check_in_members, command)
    return Reply(seat_done(answer), 200, answer.replayed)


def _pays(one: Gathering, line: EventHere) -> bool:
    """Whether somebody who is let in pays for a seat with points."""
    return bool(one.reward) and line.state != "held" and line.free > 0


async def _price(tx: Tx, terms: Terms, id_: UUID, one: Gathering) -> dict[str, int]:
    """What a seat takes of them; nothing where they cannot have it, which the server says why."""
    wish = Redeem(MemberRef(id=id_), one.reward, one.store, CHANNEL, gathering=one.code)
    found = await quote_reward(tx, terms, id_, wish)
    return {} if isinstance(found, Refused) else dict(found.promised.price)


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
    "price": {},
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
        notes="Once; said again it stays. Whoever has no seat takes one that is free, for the "
        "points that were shown (`price`) where it takes points.",
        sent=ArrivedSent,
        answers={200: SeatShown},
        example={},
        answer_example=examples.SEAT,
        codes=(
            "not_found", "unknown_member", "member_erased", "member_blocked", "gathering_not_now",
            "gathering_cancelled", "no_seat", "pin_wrong", "gone", "manager_needed",
            "too_many_tries", "price_changed", *PAYING, *RECORDING,
        ),
        do=arrived,
    ),
)  # fmt: skip
