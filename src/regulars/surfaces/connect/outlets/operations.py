"""A system is told of members: where it is, by which key, how far, whom it does not take."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from regulars.base.faults import NotFound
from regulars.flows.inlets.outlets.keep_outlets import (
    EndTelling,
    TellAgain,
    end_telling,
    tell_again,
    tell_systems,
)
from regulars.records.access.types import Scope
from regulars.records.inlets.catching import read as catching
from regulars.records.outbox.hooks.outlets import read
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import instant_of
from regulars.surfaces.connect.catching.asking import NotTold
from regulars.surfaces.connect.inlets.operations import inlet_of
from regulars.surfaces.connect.outlets.outlets import Telling, Where, tells, tried
from regulars.surfaces.connect.outlets.wire import (
    OutletAgainSent,
    OutletMembersPage,
    OutletMembersQuery,
    OutletSent,
    OutletShown,
    OutletTried,
    open_shown,
    outlet_shown,
)

_AT: Final = "2026-03-02T12:00:00Z"
SENT: Final = {
    "address": "https://crm.example.org/api",
    "key": "token-…",
    "since": "2026-01-01T00:00:00Z",
}
SHOWN: Final = {
    "address": "https://crm.example.org/api",
    "known": 1180,
    "waiting": 20,
    "waiting_since": "2026-03-02T11:59:40Z",
    "open": 1,
    "told": 1240,
    "told_at": _AT,
    "walk": "since",
    "walk_since": "2026-01-01T00:00:00Z",
    "walk_seen": 4000,
    "walk_of": 12000,
    "walked_at": None,
    "next_at": _AT,
    "problem": "",
}
MEMBERS: Final = {
    "items": [
        {
            "member_id": "mem_0195b2d43c1e7d4a9b7e2f6a8c0d1e2f",
            "code": "REQUIRED_FIELD_MISSING",
            "field": "last_name",
            "problem": "it does not take this record",
            "told_at": None,
        }
    ],
    "has_more": False,
    "next_cursor": None,
}
_FIRST: Final = UUID(int=0)


async def one(call: Call) -> Reply:
    """How far a system is told."""
    where = await _where(call)
    return await _shown(call, where.inlet.inlet_id)


async def keep(call: Call) -> Reply:
    """A system is told so from now on."""
    sent: OutletSent = call.sent
    since = instant_of(sent.since, "/since")
    wanted = Telling(
        sent.address or "", sent.key or "", sent.secret or "", since, sent.client or "",
        sent.token_address or "", sent.refresh_token or "",
    )  # fmt: skip
    inlet = await inlet_of(call)
    wish = tells(call.given, inlet, wanted, call.by)
    async with call.transaction as tx:
        (outcome,) = await tell_systems(tx, [wish])
    granted(outcome)
    return await _shown(call, inlet.inlet_id)


async def end(call: Call) -> Reply:
    """A system is told no more."""
    where = await _where(call)
    async with call.transaction as tx:
        there = await read.standing(tx, where.inlet.inlet_id)
        (outcome,) = await end_telling(tx, [EndTelling(where.inlet.inlet_id, call.by)])
    return Reply(outlet_shown(granted(outcome), there))


async def again(call: Call) -> Reply:
    """Members are told once more."""
    sent: OutletAgainSent = call.sent
    inlet = await inlet_of(call)
    async with call.transaction as tx:
        wish = TellAgain(inlet.inlet_id, call.by, sent.everybody)
        (outcome,) = await tell_again(tx, [wish])
    granted(outcome)
    return await _shown(call, inlet.inlet_id)


async def attempt(call: Call) -> Reply:
    """Whether a system answers; nothing is changed there."""
    try:
        await tried(call.given, await _where(call))
    except NotTold as why:
        return Reply(OutletTried(answers=False, problem=why.why))
    return Reply(OutletTried(answers=True, problem=""))


async def members(call: Call) -> Reply:
    """Whom it does not take."""
    query: OutletMembersQuery = call.query
    where, after = await _where(call), place_of(query.cursor, tuple[UUID])
    begins = _FIRST if after is None else after[0]
    async with call.transaction as tx:
        found = await read.open_ones(tx, where.inlet.inlet_id, begins, query.limit + 1)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].member_id,)) if more else None
    return Reply(OutletMembersPage([open_shown(one) for one in page], more, cursor))


async def _where(call: Call) -> Where:
    inlet = await inlet_of(call)
    async with call.transaction as tx:
        found = await read.one(tx, inlet.inlet_id)
        asked = await catching.one(tx, inlet.inlet_id)
    if found is None:
        raise NotFound("The system of this source is not told of members")
    return Where(inlet, found, asked)


async def _shown(call: Call, inlet_id: UUID) -> Reply:
    async with call.transaction as tx:
        found, there = await read.one(tx, inlet_id), await read.standing(tx, inlet_id)
    assert found is not None, inlet_id
    return Reply(outlet_shown(found, there))


_SCOPES = (Scope.INLETS_WRITE,)
_TAG = "Events in"
_ONE = "/v1/inlets/{inlet_id}/outlet"

OPERATIONS = (
    Operation(
        method="GET",
        path=_ONE,
        name="get_inlet_outlet",
        tag=_TAG,
        says="How far a CRM is told of members",
        scopes=_SCOPES,
        answers={200: OutletShown},
        answer_example=SHOWN,
        do=one,
    ),
    Operation(
        method="PUT",
        path=_ONE,
        name="put_inlet_outlet",
        once=Once.ANEW,
        tag=_TAG,
        says="Have a CRM told of members, with the fields that its mapping names",
        notes="Whoever changes is told within seconds, as they are then; what was reckoned at "
        "night is told after it. With `since` whoever did something from then on is told, too. "
        "While it does not answer everything waits, and is told once it does. Keys are kept "
        "encrypted and shown to nobody; they go with no other address.",
        scopes=_SCOPES,
        sent=OutletSent,
        answers={200: OutletShown},
        example=SENT,
        answer_example=SHOWN,
        codes=("invalid",),
        do=keep,
    ),
    Operation(
        method="DELETE",
        path=_ONE,
        name="delete_inlet_outlet",
        once=Once.AGAIN,
        tag=_TAG,
        says="Tell a CRM no more; its keys are deleted, what it knows stays there",
        scopes=_SCOPES,
        answers={200: OutletShown},
        answer_example=SHOWN,
        do=end,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/try",
        name="try_inlet_outlet",
        once=Once.LOOKS,
        tag=_TAG,
        says="Whether a CRM answers and knows the key; nothing is changed there",
        scopes=_SCOPES,
        answers={200: OutletTried},
        answer_example={"answers": True, "problem": ""},
        do=attempt,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/again",
        name="run_inlet_outlet_again",
        once=Once.ANEW,
        tag=_TAG,
        says="Tell a CRM once more: whom it did not take, or everybody",
        scopes=_SCOPES,
        sent=OutletAgainSent,
        answers={200: OutletShown},
        example={"everybody": False},
        answer_example=SHOWN,
        do=again,
    ),
    Operation(
        method="GET",
        path=f"{_ONE}/members",
        name="list_inlet_outlet_members",
        tag=_TAG,
        says="Members whom a CRM does not take, and why",
        scopes=_SCOPES,
        query=OutletMembersQuery,
        answers={200: OutletMembersPage},
        answer_example=MEMBERS,
        codes=("bad_cursor",),
        do=members,
    ),
)
