"""What came in by a source: listed, shown, and looked at again."""

from __future__ import annotations

from uuid import UUID

from regulars.base.faults import NotFound
from regulars.flows.inlets.again.say_another import SaidAnother, SayAnother, say_another
from regulars.flows.inlets.again.say_same import SaySame, say_same
from regulars.flows.inlets.keep_inlets import RanAgain, RunAgain, run_again
from regulars.records.access.types import Scope
from regulars.records.inlets import read
from regulars.records.inlets.types import Inlet
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed, required, shown
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import instant_of
from regulars.surfaces.connect.inlets import examples
from regulars.surfaces.connect.inlets.wire import (
    AnotherSaleSent,
    ArrivalShown,
    ArrivalsPage,
    ArrivalsQuery,
    InletAgainSent,
    InletRun,
    SameSaleDone,
    SameSaleSent,
    arrival_shown,
)


async def arrivals(call: Call) -> Reply:
    """What came in, newest first."""
    query: ArrivalsQuery = call.query
    inlet, before = await inlet_of(call), place_of(query.cursor, tuple[UUID])
    last = None if before is None else before[0]
    async with call.transaction as tx:
        found = await read.page(tx, inlet.inlet_id, query.state or "", last, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].arrival_id,)) if more else None
    return Reply(ArrivalsPage([arrival_shown(one) for one in page], more, cursor))


async def arrival(call: Call) -> Reply:
    """One event with its payload and what was booked for it."""
    inlet, arrival_id = await inlet_of(call), addressed("arr", call.ids["arrival_id"])
    async with call.transaction as tx:
        found = (await read.some(tx, [arrival_id])).get(arrival_id)
        gave, line = await read.gave(tx, [arrival_id]), await read.became(tx, arrival_id)
    if found is None or found.inlet_id != inlet.inlet_id:
        raise NotFound("There is no such event")
    return Reply(arrival_shown(found, gave, line))


async def again(call: Call) -> Reply:
    """One event is looked at again."""
    return await _run(
        call, RunAgain(id_of(call), call.by, addressed("arr", call.ids["arrival_id"]))
    )


async def another(call: Call) -> Reply:
    """One event tells another sale than the one it was taken for."""
    sent: AnotherSaleSent = call.sent
    named = tuple(
        required("act", one, f"/activities/{place}") for place, one in enumerate(sent.activities)
    )
    wish = SayAnother(id_of(call), addressed("arr", call.ids["arrival_id"]), named, call.by)
    async with call.transaction as tx:
        (outcome,) = await say_another(tx, [wish])
    said: SaidAnother = granted(outcome)
    return Reply(InletRun(shown("inl", said.inlet.inlet_id), 0 if said.replayed else 1, 0), 202)


async def same(call: Call) -> Reply:
    """One event tells a sale that is booked by another name as well."""
    sent: SameSaleSent = call.sent
    arrival_id, other = (
        addressed("arr", call.ids["arrival_id"]),
        required("act", sent.activity, "/activity"),
    )
    wish = SaySame(id_of(call), arrival_id, other, call.by, call.asked)
    said = await call.do(say_same, wish)
    back = None if said.returned is None else shown("act", said.returned)
    done = SameSaleDone(shown("arr", arrival_id), shown("act", other), back)
    return Reply(done, 200, said.replayed)


async def all_again(call: Call) -> Reply:
    """All that is open is looked at again, or what else is wished."""
    sent: InletAgainSent = call.sent or InletAgainSent()
    wish = RunAgain(
        id_of(call), call.by, states=sent.states, since=instant_of(sent.since, "/since")
    )
    return await _run(call, wish)


def id_of(call: Call) -> UUID:
    """The source that a request names, by its id."""
    return addressed("inl", call.ids["inlet_id"])


async def inlet_of(call: Call) -> Inlet:
    """The source that a request names. Faults: NotFound."""
    async with call.transaction as tx:
        found = await read.inlet(tx, id_of(call))
    if found is None:
        raise NotFound("There is no such source of events")
    return found


async def _run(call: Call, wish: RunAgain) -> Reply:
    async with call.transaction as tx:
        (outcome,) = await run_again(tx, [wish])
    ran: RanAgain = granted(outcome)
    return Reply(InletRun(shown("inl", ran.inlet.inlet_id), ran.again, ran.forgotten), 202)


_SCOPES = (Scope.INLETS_WRITE,)
_TAG = "Events in"
_ONE = "/v1/inlets/{inlet_id}"
ABOUT_ARRIVALS = (
    Operation(
        method="POST",
        path=f"{_ONE}/again",
        name="run_inlet_again",
        once=Once.ANEW,
        tag=_TAG,
        says="Look again at every event that is open, by the mapping as it is now",
        notes="With `passed` among `states` also at those of which the mapping told nothing; "
        "duplicates, hints, what was overtaken and letters that failed are left. One duplicate is "
        "looked at again by its own id. What is booked stays booked once. What an event said is "
        "kept for 30 days after it was settled, or 90 while it is open; `forgotten` says of how "
        "many it is gone: those are to be sent again, or asked for again from a date.",
        scopes=_SCOPES,
        sent=InletAgainSent,
        body_optional=True,
        answers={202: InletRun},
        example={"states": ["unfit", "refused", "passed"], "since": "2026-03-01T00:00:00Z"},
        answer_example={"id": examples.INL, "again": 12, "forgotten": 3},
        do=all_again,
    ),
    Operation(
        method="GET",
        path=f"{_ONE}/events",
        name="list_inlet_events",
        tag=_TAG,
        says="What came in, newest first",
        scopes=_SCOPES,
        query=ArrivalsQuery,
        answers={200: ArrivalsPage},
        answer_example={"items": [examples.ARRIVAL], "has_more": False, "next_cursor": None},
        codes=("bad_cursor",),
        do=arrivals,
    ),
    Operation(
        method="GET",
        path=f"{_ONE}/events/{{arrival_id}}",
        name="get_inlet_event",
        tag=_TAG,
        says="One event with its payload and what was booked for it",
        scopes=_SCOPES,
        answers={200: ArrivalShown},
        answer_example=examples.ARRIVAL_WHOLE,
        do=arrival,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/events/{{arrival_id}}/again",
        name="run_inlet_event_again",
        once=Once.ANEW,
        tag=_TAG,
        says="Look again at one event that is open, or that was passed",
        scopes=_SCOPES,
        answers={202: InletRun},
        answer_example={"id": examples.INL, "again": 1, "forgotten": 0},
        codes=("invalid",),
        do=again,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/events/{{arrival_id}}/another",
        name="say_inlet_event_is_another_sale",
        once=Once.AGAIN,
        tag=_TAG,
        says="Say of one event that it is another sale",
        notes="It was passed because a receipt or a rule of the mapping took it for a sale that "
        "somebody else told, or refused because it came to another amount than that. It "
        "waits to be booked for itself, within a second, and nothing takes it for that one "
        "again. Said again, it is not booked again; `again` is 0 then. Refused "
        "where its source told already that something of it came back.",
        scopes=_SCOPES,
        sent=AnotherSaleSent,
        answers={202: InletRun},
        example={"activities": [examples.ACT]},
        answer_example={"id": examples.INL, "again": 1, "forgotten": 0},
        codes=("invalid",),
        do=another,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/events/{{arrival_id}}/same",
        name="say_inlet_event_is_the_same_sale",
        once=Once.AGAIN,
        tag=_TAG,
        says="Say of an event that its sale is booked by another name, too",
        notes="What the event was booked as is given back whole, and its receipt stands for the "
        "other one, so that what its source tells of it later is of that. `another` takes it back. "
        "Of one member and with one total alone; said again, nothing changes, and `returned` is "
        "null.",
        scopes=_SCOPES,
        sent=SameSaleSent,
        answers={200: SameSaleDone},
        example={"activity": examples.ACT},
        answer_example={
            "id": "arr_0195b2d43c1e7d4a9b7e2f6a8c0d1e2f",
            "same_as": examples.ACT,
            "returned": "act_0195b2d43c1e7d4a9b7e2f6a8c0d1e30",
        },
        codes=("invalid", "not_found", "points_already_spent", "points_reserved", "member_erased"),
        do=same,
    ),
)
