"""Appointments: when a benefit can be booked, moved to another time, and nobody came."""

from __future__ import annotations

from datetime import date

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.engine.rewarding.including.appointments import Slot
from regulars.engine.terms import Terms
from regulars.flows.membership.benefits.keep_appointments import (
    check_in_uses,
    miss_uses,
    move_uses,
    show_slots,
)
from regulars.flows.membership.commands import CheckInUse, MissUse, MoveUse
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import benefits as examples
from regulars.surfaces.api.operations.rewarding.benefits.using import WHY_NOT
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.benefits import (
    CameSent,
    MissedSent,
    MoveSent,
    SlotsQuery,
    SlotsShown,
    UseDone,
    slots_shown,
    use_done,
)
from regulars.surfaces.api.wire.parts import instant_of


async def slots(call: Call) -> Reply:
    """When a benefit can be booked on a day."""
    query: SlotsQuery = call.query
    name = call.ids["benefit"]
    try:
        on = date.fromisoformat(query.on)
    except ValueError:
        raise Invalid("write a day such as 2026-07-09", field="/on") from None

    async def look(tx: Tx, terms: Terms) -> list[Slot]:
        return await show_slots(tx, terms, name, query.store, on)

    return Reply(slots_shown(name, query.store, await call.read(look)))


async def move(call: Call) -> Reply:
    """An appointment is moved to another time."""
    sent: MoveSent = call.sent
    at = instant_of(sent.from_at, "/from_at")
    assert at is not None, sent
    command = MoveUse(addressed("use", call.ids["use_id"]), at, call.asked)
    answer = await call.do(move_uses, command)
    return Reply(use_done(answer), 200, answer.replayed)


async def missed(call: Call) -> Reply:
    """Nobody came."""
    command = MissUse(addressed("use", call.ids["use_id"]), call.asked)
    answer = await call.do(miss_uses, command)
    return Reply(use_done(answer), 200, answer.replayed)


async def came(call: Call) -> Reply:
    """Somebody came."""
    command = CheckInUse(addressed("use", call.ids["use_id"]), call.asked)
    answer = await call.do(check_in_uses, command)
    return Reply(use_done(answer), 200, answer.replayed)


_TAG = "Benefits"

OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/benefits/{benefit}/slots",
        name="list_slots",
        tag=_TAG,
        says="When a benefit can be booked on a day, and how many can still come",
        notes="Of the program in force, for times that are still to come. Whether a member may is "
        "asked with `from_at` of may_use_benefit; `POST /v1/benefit-uses` books.",
        scopes=(Scope.PROGRAMS_READ, Scope.BENEFITS_WRITE),
        query=SlotsQuery,
        answers={200: SlotsShown},
        answer_example=examples.SLOTS,
        codes=("not_found", "invalid"),
        do=slots,
    ),
    Operation(
        method="POST",
        path="/v1/benefit-uses/{use_id}/move",
        name="move_appointment",
        tag=_TAG,
        says="Move an appointment to another time",
        notes="What was booked is taken back and the other time used instead, or nothing changes. "
        "The answer is the use that stands now.",
        scopes=(Scope.BENEFITS_WRITE,),
        sent=MoveSent,
        answers={200: UseDone},
        example={"from_at": "2026-07-10T08:00:00Z"},
        answer_example=examples.BOOKED,
        codes=(
            "not_found",
            "too_late_to_cancel",
            *(one for one in WHY_NOT if one != "unknown_member"),
        ),
        do=move,
    ),
    Operation(
        method="POST",
        path="/v1/benefit-uses/{use_id}/missed",
        name="miss_appointment",
        tag=_TAG,
        says="Nobody came to an appointment",
        notes="The use counts all the same, or is given back, as the benefit said when it was "
        "booked. The body may be left out.",
        scopes=(Scope.BENEFITS_WRITE,),
        sent=MissedSent,
        body_optional=True,
        answers={200: UseDone},
        example={},
        answer_example=examples.BOOKED | {"state": "missed"},
        codes=("not_found",),
        do=missed,
    ),
    Operation(
        method="POST",
        path="/v1/benefit-uses/{use_id}/came",
        name="check_in_appointment",
        tag=_TAG,
        says="Somebody came to their appointment",
        notes="On its own day. Said again, nothing changes; whoever is not said to have come has "
        "used it all the same. The body may be left out.",
        scopes=(Scope.BENEFITS_WRITE,),
        sent=CameSent,
        body_optional=True,
        answers={200: UseDone},
        example={},
        answer_example=examples.BOOKED | {"came_at": "2026-07-09T08:02:00Z"},
        codes=("not_found",),
        do=came,
    ),
)
