"""Pending points: an activity is confirmed, or it is not; and what waits to be approved."""

from __future__ import annotations

from typing import Any, Final, Literal
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import Confirm
from regulars.flows.points.show_advocacy import show_advocacy
from regulars.flows.recording.confirm_activities import confirm_activities
from regulars.records.access.types import Scope, allows
from regulars.records.activity.types import SaleRef
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import every_day as examples
from regulars.surfaces.api.strict.cursors import Instant, place_of
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.parts import PageQuery
from regulars.surfaces.api.wire.pending import (
    ActivityEnded,
    CancelSent,
    ConfirmSent,
    activity_ended,
)
from regulars.surfaces.api.wire.rewarding.advocacy import AdvocacyShown, advocacy_shown
from regulars.surfaces.in_words.games import action_in_words
from regulars.surfaces.languages.voices import voice_for

_EXAMPLE: Final[dict[str, Any]] = {
    "actions": [
        {
            "kind": "review",
            "name": "A review",
            "says": "A review: once for each product, its points can be spent once we have looked "
            "at it",
            "about": "product",
            "proof": False,
            "moderated": True,
        }
    ],
    "waiting": [
        {
            "activity_id": "act_019e0000000070008000000000000002",
            "member_id": "mem_019e0000000070008000000000000001",
            "kind": "review",
            "source": "web",
            "external_id": "review-81",
            "about": "espresso-500g",
            "occurred_at": "2026-07-06T09:12:33Z",
            "until": "2026-07-20T09:12:33Z",
            "points": {"points": 20},
        }
    ],
    "has_more": False,
    "next_cursor": None,
}


async def confirm(call: Call) -> Reply:
    """It holds: its points can be spent."""
    return await _end(call, "confirmed")


async def cancel(call: Call) -> Reply:
    """It does not hold: its pending points go."""
    return await _end(call, "cancelled")


async def _end(call: Call, outcome: str) -> Reply:
    id_ = addressed("act", call.ids["activity_id"])
    reason = call.sent.reason if isinstance(call.sent, CancelSent) else ""
    may = _may(call.caller.scopes)
    command = Confirm(SaleRef(id=id_), outcome, asked=call.asked, reason=reason, may=may)
    answer = await call.do(confirm_activities, command)
    return Reply(activity_ended(answer), 200, answer.replayed)


def _may(scopes: frozenset[str]) -> Literal["all", "approve", "tell"]:
    tells, approves = (
        allows(scopes, one) for one in (Scope.ACTIVITIES_WRITE, Scope.ACTIVITIES_APPROVE)
    )
    if tells and approves:
        return "all"
    return "tell" if tells else "approve"


async def to_approve(call: Call) -> Reply:
    """The actions, and a page of what waits."""
    query: PageQuery = call.query
    after = place_of(query.cursor, tuple[Instant, UUID, UUID])

    async def look(tx: Tx, terms: Terms) -> AdvocacyShown:
        voice = voice_for(terms.at(tx.now).program.locale)
        found = await show_advocacy(tx, terms, query.limit, after)
        return advocacy_shown(found, terms.wallet_names, lambda one: action_in_words(one, voice))

    return Reply(await call.read(look))


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/activities/{activity_id}/confirm",
        name="confirm_activity",
        tag="Activities",
        says="It holds: let its pending points be spent",
        notes="For wallets that are `pending` until an event: the booking was travelled, the order "
        "was kept. Confirming again changes nothing. The body may be left out. Of a kind that is "
        "moderated (`advocacy:`) a key with `activities:approve` confirms, and no other kind.",
        scopes=(Scope.ACTIVITIES_WRITE, Scope.ACTIVITIES_APPROVE),
        sent=ConfirmSent,
        body_optional=True,
        answers={200: ActivityEnded},
        example={},
        answer_example=examples.CONFIRMED,
        codes=("nothing_pending", "already_cancelled", "forbidden"),
        do=confirm,
    ),
    Operation(
        method="POST",
        path="/v1/activities/{activity_id}/cancel",
        name="cancel_activity",
        tag="Activities",
        says="It does not hold: cancel its pending points",
        notes="Only points that wait for an event are cancelled; the activity stays, and so does "
        "what it counts for limits and tiers. To undo a sale send a return. Cancelling again "
        "changes nothing. The body may be left out, unless the kind of activity is moderated "
        "(`advocacy:`): then it says why, and needs `activities:approve`.",
        scopes=(Scope.ACTIVITIES_WRITE, Scope.ACTIVITIES_APPROVE),
        sent=CancelSent,
        body_optional=True,
        answers={200: ActivityEnded},
        example={},
        answer_example=examples.CONFIRMED | {"outcome": "cancelled"},
        codes=("nothing_pending", "already_confirmed", "forbidden"),
        do=cancel,
    ),
    Operation(
        method="GET",
        path="/v1/advocacy",
        name="show_advocacy",
        tag="Activities",
        says="What members may do for the shop, and what of it waits to be looked at",
        notes="What waits comes in pages, the oldest first. Approve one with "
        "`POST /v1/activities/{activity_id}/confirm`; with `/cancel` and a `reason` it is not "
        "approved, and may be told again.",
        scopes=(Scope.BOOKS_READ, Scope.ACTIVITIES_WRITE, Scope.ACTIVITIES_APPROVE),
        query=PageQuery,
        answers={200: AdvocacyShown},
        answer_example=_EXAMPLE,
        codes=("bad_cursor",),
        do=to_approve,
    ),
)
