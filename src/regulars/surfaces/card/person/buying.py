"""A membership is bought, and how it is paid is changed: on pages of the payment provider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.calendar import add_span
from regulars.engine.rewarding.plans.fees import fee_of, sold
from regulars.flows.membership.plans.show_memberships import Shown, show_memberships
from regulars.records.benefits.plans import read as plans
from regulars.records.members import read as members
from regulars.records.program.types import Plan
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.card.desk import Desk, Sender
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Visit
from regulars.surfaces.connect.catching.asking import NotTold
from regulars.surfaces.connect.stripe.buying import (
    Seller,
    Wish,
    checkout,
    days_until,
    portal,
    seller,
    subscription_behind,
)
from regulars.surfaces.ui.coming import origin_of

BUY: Final = "/card/me/membership"
PAYING: Final = f"{BUY}/paying"
BACK: Final = "/card/me/benefits"
LONGEST_ONCE: Final = 64


def buying_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The forms that lead to the provider's pages."""
    return [desk.acts(BUY, buy), desk.acts(PAYING, change_paying)]


async def offers(tx: Tx, visit: Visit, mine: Sequence[Shown]) -> list[dict[str, Any]]:
    """The plans this member may begin now, each with what it costs and how long it is free."""
    where = await seller(tx)
    if where is None or visit.member.state != "active" or any(_runs(one) for one in mine):
        return []
    free = await _has_trial(tx, visit)
    return [
        {
            "id": plan.id,
            "name": plan.name,
            "says": plan.says,
            "fee": visit.reader.money(_fee(visit, plan), visit.program.currency),
            "term": plan.term,
            "days": _trial_days(tx, visit, plan) if free else 0,
        }
        for plan in visit.program.plans
        if plan.id in where.prices and sold(visit.version, plan, tx.now)
    ]


async def paid_there(tx: Tx, mine: Sequence[Shown]) -> set[str]:
    """Which of these memberships are paid at the provider, by their ids as they are shown."""
    where = await seller(tx)
    if where is None:
        return set()
    running = [one.one.membership_id for one in mine if _runs(one)]
    return {shown("mbs", id_) for id_ in running if await subscription_behind(tx, where, id_)}


async def buy(sender: Sender, form: Form) -> Response[Any]:
    """Go and pay for a plan; the membership begins when the provider says that it is paid.

    Faults: NotFound for a plan that is not sold here, or to who has one.
    """
    plan = form["plan"]

    async def look(tx: Tx, _: Any) -> tuple[Seller | None, int, str]:
        mine = await _mine(tx, sender)
        found = {one["id"]: one["days"] for one in await offers(tx, sender.visit, mine)}
        if plan not in found:
            raise NotFound("this plan is not sold here, or there is one already")
        return await seller(tx), found[plan], await _email(tx, sender)

    where, days, email = await sender.desk.read(sender.program_id, look)
    id_ = sender.member_id
    once = f"{id_.hex} {plan} {_once(form)}"
    wish = Wish(id_, plan, email, days, origin_of(sender.request) + BACK, once)
    return await _go(sender, checkout(sender.desk.given, where, wish))


async def change_paying(sender: Sender, form: Form) -> Response[Any]:
    """Go and change how a membership is paid, or cancel it. Faults: NotFound."""
    id_ = meant("mbs", form["membership"])

    async def look(tx: Tx, _: Any) -> tuple[Seller | None, str]:
        mine = {one.one.membership_id for one in await _mine(tx, sender)}
        where = await seller(tx)
        if id_ is None or id_ not in mine or where is None:
            raise NotFound("there is no such membership")
        return where, await subscription_behind(tx, where, id_)

    where, begun_by = await sender.desk.read(sender.program_id, look)
    if not begun_by:
        raise NotFound("this membership is not paid there")
    back, once = origin_of(sender.request) + BACK, f"{form['membership']} {_once(form)}"
    return await _go(sender, portal(sender.desk.given, where, begun_by, back, once))


async def _go(sender: Sender, asking: Any) -> Response[Any]:
    """A page with the way there: our forms lead to no other house, a link may."""
    try:
        address, problem = await asking, ""
    except NotTold as why:
        sender.desk.given.report("stripe was asked", why)
        address, problem = "", "away"
    words = {"address": address, "problem": problem, "back": BACK}
    status = 502 if problem else 200

    async def nothing(_tx: Tx, _visit: Visit, _request: Any) -> Mapping[str, Any]:
        return words

    return await sender.show(nothing, "me/paying.html", status=status)


async def _mine(tx: Tx, sender: Sender) -> Sequence[Shown]:
    return await show_memberships(tx, sender.visit.terms, sender.member_id)


async def _email(tx: Tx, sender: Sender) -> str:
    """The address Stripe writes receipts to; they may type another there."""
    found = (await members.identifiers_of(tx, [sender.member_id])).get(sender.member_id, [])
    return next((one.value for one in found if one.kind == "email"), "")


async def _has_trial(tx: Tx, visit: Visit) -> bool:
    """Whether nothing of this member had a trial before; who tries twice is found out later."""
    return visit.member.id not in await plans.had_trial(tx, [visit.member.id])


def _trial_days(tx: Tx, visit: Visit, plan: Plan) -> int:
    if plan.trial is None:
        return 0
    return days_until(tx.now, add_span(visit.version.zone, tx.now, plan.trial))


def _fee(visit: Visit, plan: Plan) -> int:
    return fee_of(visit.version, visit.version.plans[plan.id])


def _runs(one: Shown) -> bool:
    return one.one.state != "ended"


def _once(form: Form) -> str:
    """By which a form that is sent twice is one. Faults: Invalid."""
    found = form["once"]
    if not found.isascii() or not found.isalnum() or len(found) > LONGEST_ONCE:
        raise Invalid("this is no form of ours")
    return found
