"""Pending points: an activity is confirmed, or it is not."""

from __future__ import annotations

from regulars.flows.commands import Confirm
from regulars.flows.confirm_activities import confirm_activities
from regulars.records.access.types import Scope
from regulars.records.activity.types import SaleRef
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import every_day as examples
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.pending import (
    ActivityEnded,
    CancelSent,
    ConfirmSent,
    activity_ended,
)


async def confirm(call: Call) -> Reply:
    """It holds: its points can be spent."""
    return await _end(call, "confirmed")


async def cancel(call: Call) -> Reply:
    """It does not hold: its pending points go."""
    return await _end(call, "cancelled")


async def _end(call: Call, outcome: str) -> Reply:
    id_ = addressed("act", call.ids["activity_id"])
    command = Confirm(activity=SaleRef(id=id_), outcome=outcome, asked=call.asked)
    answer = await call.do(confirm_activities, command)
    return Reply(activity_ended(answer), 200, answer.replayed)


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/activities/{activity_id}/confirm",
        name="confirm_activity",
        tag="Activities",
        says="It holds: let its pending points be spent",
        notes="For wallets that are `pending` until an event: the booking was travelled, the order "
        "was kept. Confirming again changes nothing. The body may be left out.",
        scopes=(Scope.ACTIVITIES_WRITE,),
        sent=ConfirmSent,
        body_optional=True,
        answers={200: ActivityEnded},
        example={},
        answer_example=examples.CONFIRMED,
        codes=("nothing_pending", "already_cancelled", "key_reused"),
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
        "changes nothing. The body may be left out.",
        scopes=(Scope.ACTIVITIES_WRITE,),
        sent=CancelSent,
        body_optional=True,
        answers={200: ActivityEnded},
        example={},
        answer_example=examples.CONFIRMED | {"outcome": "cancelled"},
        codes=("nothing_pending", "already_confirmed", "key_reused"),
        do=cancel,
    ),
)
