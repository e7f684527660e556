"""Events as the commands of the flows, and outcomes as answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tests.model.events import (
    Adjusts,
    Answer,
    Basket,
    Confirms,
    Ends,
    Happens,
    Joins,
    Reserves,
    Returns,
    parts,
)  # fmt: skip

from regulars.base.faults import Fault, Refused
from regulars.flows.commands import (
    Adjust,
    Adjusted,
    Confirm,
    Confirmed,
    RecordActivity,
    Recorded,
    Redeem,
    Settle,
)
from regulars.records.activity.types import Body, Line, Payment, ReturnedLine, SaleRef
from regulars.records.members.types import Asked, Identifier, Joined, JoinMember, MemberRef


def member(who: str) -> MemberRef | None:
    """Whom an event names; an empty name is nobody."""
    if not who:
        return None
    return MemberRef(card=who) if who.startswith("card") else MemberRef(external=who)


def body(event: Happens | Returns, redemptions: Mapping[str, UUID]) -> Body:
    """What an activity carries besides its head."""
    if isinstance(event, Returns):
        return Body(returned=tuple(ReturnedLine(*piece) for piece in event.pieces))
    basket: Basket = event.basket
    lines = tuple(
        Line(
            amount_minor=line.amount,
            category=line.category,
            sku=line.sku,
            quantity=line.quantity,
            discount_minor=line.discount,
            tax_minor=line.tax,
        )
        for line in basket.lines
    )
    return Body(
        lines=lines,
        order_discount_minor=basket.order_discount,
        shipping_minor=basket.shipping,
        tips_minor=basket.tips,
        payments=_payments(basket, redemptions),
        details=dict(event.details),
    )


def _payments(basket: Basket, redemptions: Mapping[str, UUID]) -> tuple[Payment, ...]:
    if basket.paid:
        return (Payment("points", basket.in_points, redemptions[basket.paid]),)
    return (Payment("points", basket.in_points),) if basket.in_points else ()


def command(event: Any, redemptions: dict[str, Any]) -> Any:
    """The command that brings an event about."""
    asked = Asked("till", getattr(event, "key", ""))
    if isinstance(event, Joins):
        names = (Identifier("external", event.who),)
        return JoinMember(identifiers=names, attributes=dict(event.attributes))
    if isinstance(event, Happens):
        return RecordActivity(
            kind=event.kind,
            member=member(event.who),
            occurred_at=event.at,
            source="till",
            external_id=event.receipt,
            store=event.store,
            channel=event.channel,
            amount_minor=event.amount,
            body=body(event, redemptions),
            asked=asked,
        )
    if isinstance(event, Returns):
        return RecordActivity(
            kind="return",
            occurred_at=event.at,
            source="till",
            external_id=event.receipt,
            body=body(event, redemptions),
            sale=SaleRef(source="till", external_id=event.sale),
            asked=asked,
        )
    return _of_rewards_and_points(event, redemptions, asked)


def _of_rewards_and_points(event: Any, redemptions: dict[str, Any], asked: Asked) -> Any:
    whom = member(getattr(event, "who", "")) or MemberRef(external="?")
    if isinstance(event, Reserves):
        return Redeem(whom, event.reward, store=event.store, capture=event.capture, asked=asked)
    if isinstance(event, Ends):
        part = None if event.part is None else dict(event.part)
        return Settle(redemptions[event.name], event.outcome, part, asked)
    if isinstance(event, Adjusts):
        return Adjust(whom, event.wallet, event.units, "it was wrong", "Olga", asked)
    assert isinstance(event, Confirms), event
    return Confirm(SaleRef(source="till", external_id=event.sale), event.outcome, asked=asked)


def answer(outcome: Any) -> Answer:
    """An outcome in the form the reference gives it."""
    if isinstance(outcome, Fault | Refused):
        return Answer(outcome.code)
    if isinstance(outcome, Joined):
        return Answer("joined")
    if isinstance(outcome, Recorded):
        return Answer(
            outcome.state,
            parts(outcome.earned),
            parts(outcome.rules),
            parts(outcome.balances),
            outcome.tier,
            outcome.tier_before,
        )
    if isinstance(outcome, Confirmed):
        return Answer(outcome.outcome, parts(outcome.points), balances=parts(outcome.balances))
    what = "adjusted" if isinstance(outcome, Adjusted) else outcome.state
    return Answer(what, balances=parts(outcome.balances))
