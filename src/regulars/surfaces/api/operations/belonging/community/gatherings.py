"""Gatherings: planned, seats asked for and given up, and who came."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import UNSET

from regulars.base.faults import Forbidden
from regulars.base.tx import Tx
from regulars.flows.community.allowed import no_gathering
from regulars.flows.community.check_in import check_in_members
from regulars.flows.community.commands import CheckIn, GiveUpSeat, KeepGathering, TakeSeat
from regulars.flows.community.keep_gatherings import keep_gatherings
from regulars.flows.community.take_seats import give_up_seats, take_seats
from regulars.records.access.types import Scope, allows
from regulars.records.community.clubs import read as clubs
from regulars.records.community.gatherings import read
from regulars.records.community.gatherings.types import Gathering
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.faults import MissingScope
from regulars.surfaces.api.operations.belonging.community import examples
from regulars.surfaces.api.operations.belonging.community.refusals import RECORDING
from regulars.surfaces.api.operations.belonging.community.wire import (
    ArrivalSent,
    GatheringSent,
    GatheringShown,
    GatheringsPage,
    GatheringsQuery,
    SeatAsked,
    SeatShown,
    SeatsPage,
    SeatsQuery,
    SeatWanted,
    gathering_shown,
    seat_done,
    seat_shown,
)
from regulars.surfaces.api.operations.rewarding.rewards import WHY_NOT
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.strict.showing import showing
from regulars.surfaces.api.wire.parts import instant_of, member_of

_TAG: Final = "Community"
_READ = (Scope.MEMBERS_READ,)
_WRITE = (Scope.MEMBERS_WRITE,)
_WHOM: Final = ("unknown_member", "not_found", "member_erased", "member_blocked")
PAYING: Final = tuple(
    code for code in (*WHY_NOT, "own_membership")
    if code not in (*_WHOM, "only_issued", "no_codes_left", "out_of_stock", "nothing_fits",
                    "name_it")
)  # fmt: skip
"""Why nobody has a seat that takes points; what takes them is neither an article nor a code."""


async def listed(call: Call) -> Reply:
    """Gatherings, the next one first."""
    query: GatheringsQuery = call.query
    after = place_of(query.cursor, tuple[datetime, UUID])
    async with call.transaction as tx:
        since = None if query.past == "yes" else call.now
        found = await read.gatherings(tx, since, after, query.limit + 1)
        page, more = found[: query.limit], len(found) > query.limit
        items = await _shown(tx, page)
    cursor = cursor_of((page[-1].begins_at, page[-1].gathering_id)) if more else None
    return Reply(GatheringsPage(items, more, cursor))


async def one(call: Call) -> Reply:
    """One gathering, and how many come."""
    async with call.transaction as tx:
        found = await _there(tx, call)
        (shown,) = await _shown(tx, [found])
    return Reply(shown)


async def keep(call: Call) -> Reply:
    """A gathering is planned."""
    sent: GatheringSent = call.sent
    says, recap = (
        {str(language): text for language, text in texts.items()}
        for texts in (sent.says, sent.recap)
    )
    begins, ends = instant_of(sent.begins_at, "/begins_at"), instant_of(sent.ends_at, "/ends_at")
    assert begins is not None, sent
    assert ends is not None, sent
    await call.do(keep_gatherings, KeepGathering(
        code=call.ids["gathering"], name=sent.name, says=says, begins_at=begins, ends_at=ends,
        capacity=sent.capacity, by=call.by, club=sent.club, store=sent.store,
        at_place=sent.at_place, opens_at=instant_of(sent.opens_at, "/opens_at"),
        early_at=instant_of(sent.early_at, "/early_at"), early_tiers=tuple(sent.early_tiers),
        recap=recap, state=sent.state, sort=sent.sort, reward=sent.reward,
        back_until=instant_of(sent.back_until, "/back_until"), lesson=sent.lesson,
    ))  # fmt: skip
    return await one(call)


async def seats(call: Call) -> Reply:
    """Who has a seat or waits, in the order they asked."""
    query: SeatsQuery = call.query
    after = place_of(query.cursor, tuple[int])
    async with call.transaction as tx:
        there = await _there(tx, call)
        last = 0 if after is None else after[0]
        found = await read.seats_at(tx, there.gathering_id, query.state, last, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].line,)) if more else None
    return Reply(SeatsPage([seat_shown(each, there.code) for each in page], more, cursor))


async def take(call: Call) -> Reply:
    """A member asks for a seat."""
    sent: SeatWanted = call.sent
    command = TakeSeat(
        member_of(sent.member), call.ids["gathering"], showing(call, sent.card_code),
        sent.signed_in, None if sent.price is UNSET else sent.price, _may_pay(call),
    )  # fmt: skip
    answer = await _given(call, take_seats, command)
    return Reply(seat_done(answer), 200, answer.replayed)


async def give_up(call: Call) -> Reply:
    """A member gives a seat up."""
    sent: SeatAsked = call.sent
    command = GiveUpSeat(member_of(sent.member), call.ids["gathering"], call.asked)
    answer = await call.do(give_up_seats, command)
    return Reply(seat_done(answer), 200, answer.replayed)


async def check_in(call: Call) -> Reply:
    """A member is here."""
    sent: ArrivalSent = call.sent
    command = CheckIn(
        member_of(sent.member), call.ids["gathering"], call.caller.principal, call.asked,
        None if sent.price is UNSET else sent.price, _may_pay(call),
    )  # fmt: skip
    answer = await _given(call, check_in_members, command)
    return Reply(seat_done(answer), 200, answer.replayed)


def _may_pay(call: Call) -> bool:
    """Keeping members is not taking their points: that takes the scope of redeeming, too."""
    return allows(call.caller.scopes, Scope.REDEMPTIONS_WRITE)


async def _given(call: Call, flow: Any, command: TakeSeat | CheckIn) -> Any:
    """The seat. Faults: MissingScope where it takes points and the key does not."""
    try:
        return await call.do(flow, command)
    except Forbidden as no:
        scope = Scope.REDEMPTIONS_WRITE
        says = f"a seat here takes points, so this needs an API key with the scope {scope}, too"
        raise MissingScope(says, scope=str(scope)) from no


async def _there(tx: Tx, call: Call) -> Gathering:
    found = await read.gathering(tx, call.ids["gathering"])
    if found is None:
        raise no_gathering(call.ids["gathering"])
    return found


async def _shown(tx: Tx, some: list[Gathering]) -> list[GatheringShown]:
    many = await read.seated(tx, [each.gathering_id for each in some])
    of = await clubs.by_id(tx, sorted({each.club_id for each in some if each.club_id is not None}))
    return [gathering_shown(each, many.get(each.gathering_id), of) for each in some]


def _operation(method: str, path: str, name: str, **told: Any) -> Operation:
    return Operation(method=method, path=path, name=name, tag=_TAG, **told)


OPERATIONS = (
    _operation(
        "GET", "/v1/gatherings", "list_gatherings",
        says="Events to which members come, the next one first",
        scopes=_READ,
        query=GatheringsQuery,
        answers={200: GatheringsPage},
        answer_example={"items": [examples.GATHERING], "has_more": False, "next_cursor": None},
        codes=("bad_cursor",),
        do=listed,
    ),
    _operation(
        "GET", "/v1/gatherings/{gathering}", "get_gathering",
        says="One gathering, and how many come",
        scopes=_READ,
        answers={200: GatheringShown},
        answer_example=examples.GATHERING,
        codes=("not_found",),
        do=one,
    ),
    _operation(
        "PUT", "/v1/gatherings/{gathering}", "keep_gathering",
        once=Once.AGAIN,
        says="Plan a gathering, change it, call it off, or say how it was",
        notes="Seats are asked for from `opens_at` on, by whoever stands on one of `early_tiers` "
        "from `early_at` on, by whoever is in its `club` where it has one. With `reward` a seat "
        "takes the price of that reward. There are never fewer "
        "seats than are taken; where there are more than before, whoever waits longest moves up. "
        "Once it has begun only what is said of it changes, such as its `recap`.",
        scopes=_WRITE,
        sent=GatheringSent,
        answers={200: GatheringShown},
        example=examples.GATHERING_SENT,
        answer_example=examples.GATHERING | {"held": 0, "waiting": 0},
        codes=("not_found", "gathering_begun", "gathering_cancelled"),
        do=keep,
    ),
    _operation(
        "GET", "/v1/gatherings/{gathering}/seats", "list_seats",
        says="Who has a seat or waits for one, in the order they asked",
        scopes=_READ,
        query=SeatsQuery,
        answers={200: SeatsPage},
        answer_example={"items": [examples.SEAT], "has_more": False, "next_cursor": None},
        codes=("not_found", "bad_cursor"),
        do=seats,
    ),
    _operation(
        "POST", "/v1/gatherings/{gathering}/seats", "take_seat",
        says="A member asks for a seat",
        notes="Where none is free they wait (`waiting`), behind as many as `ahead` says. Once a "
        "seat is given up whoever waits longest has it, and `seat.held` tells so with `moved_up`. "
        "Where a seat takes points they are reserved at once, also of whoever waits, and spent "
        "once it has begun; it is refused as `POST /v1/redemptions` would, and takes the scope "
        "`redemptions:write`, too.",
        scopes=_WRITE,
        sent=SeatWanted,
        answers={200: SeatShown},
        example={"member": {"card": "4711"}},
        answer_example=examples.SEAT,
        codes=(
            *_WHOM, "gathering_not_open", "gathering_begun", "gathering_cancelled", "club_only",
            *PAYING, "price_changed",
        ),
        do=take,
    ),
    _operation(
        "POST", "/v1/gatherings/{gathering}/departures", "give_up_seat",
        says="A member gives their seat up, or waits no longer",
        notes="What the seat took is given back until `back_until` of the gathering, and to "
        "whoever waits at any time; from then on it is spent (`points`).",
        scopes=_WRITE,
        sent=SeatAsked,
        answers={200: SeatShown},
        example={"member": {"card": "4711"}},
        answer_example=examples.SEAT | {"state": "given_up", "points": "given_back"},
        codes=("unknown_member", "not_found", "gathering_begun", "came_already"),
        do=give_up,
    ),
    _operation(
        "POST", "/v1/gatherings/{gathering}/arrivals", "check_in_at_gathering",
        says="A member is here",
        notes="Counted once, from a day before it begins to a day after it ends. Who has no seat "
        "takes one that is free. It is an activity of the kind `event-attended` with the details "
        "`gathering` and `club`, for which rules may give something. A seat that takes points "
        "takes the scope `redemptions:write`, too.",
        scopes=_WRITE,
        sent=ArrivalSent,
        answers={200: SeatShown},
        example={"member": {"card": "4711"}},
        answer_example=examples.SEAT | {"came_at": "2027-04-10T17:03:00Z"},
        codes=(
            *_WHOM, "gathering_not_now", "gathering_cancelled", "no_seat", *PAYING,
            "price_changed", *RECORDING,
        ),
        do=check_in,
    ),
)  # fmt: skip
