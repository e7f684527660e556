"""Points that come and go: for a purchase, worked out by a till, or by hand."""

from __future__ import annotations

from typing import Any

from regulars.flows.commands import Adjust
from regulars.flows.tills.commands import TellPoints, ToldPoints
from regulars.flows.tills.tell_points import tell_points
from regulars.records.access.types import Scope
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.connect.square.errors import PREFIX, Wrong
from regulars.surfaces.connect.square.operations import locations, purchases
from regulars.surfaces.connect.square.operations.accounts import (
    account_at,
    member_named,
    of_account,
)
from regulars.surfaces.connect.square.telling import told
from regulars.surfaces.connect.square.view import View, view_of
from regulars.surfaces.connect.square.wire import sent
from regulars.surfaces.connect.square.wire.shown import EventAnswer, EventsAnswer, EventShown

WRITES = (Scope.SQUARE_WRITE,)
_TOLD = "Worked out by the till"


async def accumulate(call: Call) -> Reply:
    """Points for a purchase: as many as a till worked out, or what an order earns."""
    body: sent.Accumulate = call.sent
    said = body.accumulate_points
    if (said.points is None) == (said.order_id is None):
        says = "say either how many points, or which order they are for"
        code = "CONFLICTING_PARAMETERS" if said.points else "MISSING_REQUIRED_PARAMETER"
        raise Wrong(says, code=code, field="/accumulate_points")
    seen = await view_of(call)
    who = member_named(call.ids["account_id"])
    if said.points is not None:
        return Reply(EventsAnswer(await _told(call, seen, who)))
    async with call.transaction as tx:
        await locations.store_at(tx, body.location_id)
        # Of who was erased the flow would set the purchase aside.
        await account_at(tx, seen, call.ids["account_id"])
    return Reply(EventsAnswer(await purchases.earned(call, seen, who)))


async def _told(call: Call, seen: View, who: MemberRef) -> list[EventShown]:
    """Book what a till worked out."""
    asked = call.asked
    command = Adjust(
        member=who,
        wallet=seen.wallet,
        units=call.sent.accumulate_points.points,
        reason=_TOLD,
        actor=asked.principal,
        asked=asked,
        earned=True,
    )
    return await _booked(call, seen, TellPoints(command, call.sent.location_id))


async def _booked(call: Call, seen: View, wanted: TellPoints) -> list[EventShown]:
    """Book what a till says; its event is told without a look at the books it was put in.

    What was booked before is looked up, as it may stand under another member by now.
    """
    done: ToldPoints = await locations.at_location(of_account(call.do(tell_points, wanted)))
    booked = done.adjusted
    if booked.replayed:
        return await told.booked(call, seen, booked.member_id, booked.entry_id)
    return [told.just_told(call, seen, done)]


async def adjust(call: Call) -> Reply:
    """Points by hand, more or less."""
    body: sent.Adjust = call.sent
    said = body.adjust_points
    if said.points == 0:
        says = "give or take one point at least"
        raise Wrong(says, code="INVALID_VALUE", field="/adjust_points/points")
    seen = await view_of(call)
    who = member_named(call.ids["account_id"])
    command = Adjust(
        member=who,
        wallet=seen.wallet,
        units=said.points,
        reason=said.reason or "Adjusted by a connected system",
        actor=call.asked.principal,
        asked=call.asked,
        owing=body.allow_negative_balance is True and said.points < 0,
    )
    return Reply(EventAnswer((await _booked(call, seen, TellPoints(command)))[0]))


_ACCOUNT = f"{PREFIX}/v2/loyalty/accounts/{{account_id}}"

OPERATIONS: tuple[Any, ...] = (
    Operation(
        method="POST",
        path=f"{_ACCOUNT}/accumulate",
        name="square_accumulate_points",
        tag="Loyalty",
        says="Points for a purchase",
        scopes=WRITES,
        sent=sent.Accumulate,
        answers={200: EventsAnswer},
        do=accumulate,
    ),
    Operation(
        method="POST",
        path=f"{_ACCOUNT}/adjust",
        name="square_adjust_points",
        tag="Loyalty",
        says="Points by hand",
        scopes=WRITES,
        sent=sent.Adjust,
        answers={200: EventAnswer},
        do=adjust,
    ),
)
