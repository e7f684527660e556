"""A shop is asked for what was not told: from when on, with which keys, how far."""

from __future__ import annotations

from typing import Final

from regulars.base.faults import NotFound
from regulars.flows.inlets.keep_catch_ups import EndAsking, ask_shops, end_asking
from regulars.records.access.types import Scope
from regulars.records.inlets.catching import read
from regulars.records.inlets.catching.types import CatchUp
from regulars.records.inlets.types import Inlet
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import instant_of
from regulars.surfaces.connect.catching.asking import NotTold
from regulars.surfaces.connect.catching.shops import Wanted, asks_for, tried
from regulars.surfaces.connect.catching.shops_known import BY_TOPIC
from regulars.surfaces.connect.catching.wire import (
    CatchUpSent,
    CatchUpShown,
    CatchUpTried,
    catch_up_shown,
)
from regulars.surfaces.connect.inlets.operations import inlet_of

_AT: Final = "2026-03-02T12:00:00Z"
SENT: Final = {
    "address": "https://shop.example.org",
    "key": "ck_…",
    "secret": "cs_…",
    "since": "2026-01-01T00:00:00Z",
}
SHOWN: Final = {
    "address": "https://shop.example.org",
    "since": "2026-01-01T00:00:00Z",
    "read_to": _AT,
    "found": 1200,
    "ahead": 0,
    "met_at": _AT,
    "asked_at": _AT,
    "next_at": "2026-03-02T12:05:00Z",
    "problem": "",
    "webhooks_silent": False,
}


async def one(call: Call) -> Reply:
    """How far a shop was asked."""
    inlet, found = await _both(call)
    async with call.transaction as tx:
        silent = inlet.kind in BY_TOPIC and await read.hooks_silent(tx, found)
    return Reply(catch_up_shown(found, silent=silent))


async def keep(call: Call) -> Reply:
    """A shop is asked so from now on."""
    sent: CatchUpSent = call.sent
    since = instant_of(sent.since, "/since")
    wanted = Wanted(
        sent.address or "", sent.key or "", sent.secret or "", since, sent.client or "",
        sent.token_address or "", sent.refresh_token or "",
    )  # fmt: skip
    inlet = await inlet_of(call)
    async with call.transaction as tx:
        before = await read.one(tx, inlet.inlet_id)
    wish = asks_for(call.given, inlet, wanted, call.by, before)
    async with call.transaction as tx:
        (outcome,) = await ask_shops(tx, [wish])
    return Reply(catch_up_shown(granted(outcome)))


async def end(call: Call) -> Reply:
    """A shop is not asked any more."""
    wish = EndAsking(addressed("inl", call.ids["inlet_id"]), call.by)
    async with call.transaction as tx:
        (outcome,) = await end_asking(tx, [wish])
    return Reply(catch_up_shown(granted(outcome)))


async def attempt(call: Call) -> Reply:
    """Whether a shop answers; nothing is kept."""
    inlet, found = await _both(call)
    try:
        page = await tried(call.given, inlet, found)
    except NotTold as why:
        return Reply(CatchUpTried(answers=False, problem=why.why, ahead=None))
    count, ahead = page.answered.count, page.answered.ahead
    ahead = None if ahead is None else ahead + count
    return Reply(CatchUpTried(answers=True, problem="", ahead=ahead))


async def _both(call: Call) -> tuple[Inlet, CatchUp]:
    inlet = await inlet_of(call)
    async with call.transaction as tx:
        found = await read.one(tx, inlet.inlet_id)
    if found is None:
        raise NotFound("The shop of this source is not asked")
    return inlet, found


_SCOPES = (Scope.INLETS_WRITE,)
_TAG = "Events in"
_ONE = "/v1/inlets/{inlet_id}/catch-up"

OPERATIONS = (
    Operation(
        method="GET",
        path=_ONE,
        name="get_inlet_catch_up",
        tag=_TAG,
        says="How far a shop was asked for what its webhooks did not tell",
        scopes=_SCOPES,
        answers={200: CatchUpShown},
        answer_example=SHOWN,
        do=one,
    ),
    Operation(
        method="PUT",
        path=_ONE,
        name="put_inlet_catch_up",
        once=Once.ANEW,
        tag=_TAG,
        says="Have a shop asked every five minutes, or bring in everything from a day on",
        notes="Its webhooks go on beside it; whatever both tell counts once. With `since` all that "
        "changed from then on is read, oldest change first; cut off, it goes on where it was. Keys "
        "are kept encrypted and shown to nobody; they go with no other address.",
        scopes=_SCOPES,
        sent=CatchUpSent,
        answers={200: CatchUpShown},
        example=SENT,
        answer_example=SHOWN,
        codes=("invalid",),
        do=keep,
    ),
    Operation(
        method="DELETE",
        path=_ONE,
        name="delete_inlet_catch_up",
        once=Once.AGAIN,
        tag=_TAG,
        says="Ask a shop no more; its keys are deleted",
        scopes=_SCOPES,
        answers={200: CatchUpShown},
        answer_example=SHOWN,
        do=end,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/try",
        name="try_inlet_catch_up",
        once=Once.LOOKS,
        tag=_TAG,
        says="Whether a shop answers; nothing is kept",
        scopes=_SCOPES,
        answers={200: CatchUpTried},
        answer_example={"answers": True, "problem": "", "ahead": 12},
        do=attempt,
    ),
)
