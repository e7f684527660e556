"""Events as the commands of the flows, and outcomes as answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tests.model.events import (
    Adjusts,
    Answer,
    Basket,
    Blocks,
    Chooses,
    Confirms,
    Ends,
    Forgives,
    Gives,
    Happens,
    Joins,
    Merges,
    Pays,
    Reserves,
    Returns,
    Sold,
    parts,
)  # fmt: skip

from regulars.base.faults import Fault, Refused
from regulars.engine.rewarding.paying import Basket as Paid
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
from regulars.flows.membership.commands import BlockMember, MergeMembers
from regulars.flows.points.choosing.commands import ChoiceMade, ChooseOne
from regulars.flows.points.commands import Favoured, Transfer, Transferred, WriteOff, WrittenOff
from regulars.records.activity.types import Body, Line, Payment, ReturnedLine, SaleRef
from regulars.records.members.types import Asked, Changed, Identifier, Joined, JoinMember, MemberRef


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
    return Body(
        lines=lines_of(basket.lines, redemptions),
        order_discount_minor=basket.order_discount,
        shipping_minor=basket.shipping,
        tips_minor=basket.tips,
        payments=_payments(basket, redemptions),
        details=dict(event.details),
    )


def lines_of(lines: Sequence[Sold], redemptions: Mapping[str, UUID]) -> tuple[Line, ...]:
    """Lines of a basket, with what made pieces of them free."""
    return tuple(
        Line(
            amount_minor=line.amount,
            category=line.category,
            sku=line.sku,
            quantity=line.quantity,
            discount_minor=line.discount,
            tax_minor=line.tax,
            free=line.free,
            redemption=redemptions[line.by] if line.by else None,
        )
        for line in lines
    )


def _payments(basket: Basket, redemptions: Mapping[str, UUID]) -> tuple[Payment, ...]:
    if basket.paid:
        kind: Any = "stored_value" if basket.stored else "points"
        return (Payment(kind, basket.in_points, redemptions[basket.paid]),)
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
            currency=event.currency,
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
            sale=SaleRef(source="till", external_id=event.sale, kind=event.kind),
            asked=asked,
        )
    if isinstance(event, Ends):
        part = None if event.part is None else dict(event.part)
        return Settle(redemptions[event.name], event.outcome, part, asked)
    return member_command(event, asked)


def member_command(event: Any, asked: Asked) -> Any:
    """The command about one member."""
    whom = member(getattr(event, "who", "")) or MemberRef(external="?")
    if isinstance(event, Reserves):
        return Redeem(
            whom, event.reward, store=event.store, capture=event.capture, asked=asked,
            currency=event.currency, lines=lines_of(event.goods, {}),
            named=tuple(ReturnedLine(*one) for one in event.named),
        )  # fmt: skip
    if isinstance(event, Pays):
        pay = Paid(event.amount, event.discount, event.want, event.wallet)
        return Redeem(whom, store=event.store, capture=event.capture, pay=pay, asked=asked,
                      currency=event.currency)  # fmt: skip
    if isinstance(event, Confirms):
        return Confirm(SaleRef(source="till", external_id=event.sale), event.outcome, asked=asked)
    if not isinstance(event, Adjusts):
        return moving_command(event, whom, asked)
    return Adjust(whom, event.wallet, event.units, "it was wrong", "Olga", asked)


def moving_command(event: Any, whom: MemberRef, asked: Asked) -> Any:
    """The command that moves points by hand."""
    said = ("as agreed", "Olga")
    if isinstance(event, Gives):
        to = member(event.to)
        assert to is not None, event
        return Transfer(whom, to, event.wallet, event.units, asked=asked)
    if isinstance(event, Merges):
        into = member(event.into)
        assert into is not None, event
        return MergeMembers(whom, into, *said, asked)
    if isinstance(event, Chooses):
        return ChooseOne(whom, event.word, event.option, asked=asked)
    if isinstance(event, Blocks):
        return BlockMember(whom, event.blocked, *said, asked)
    assert isinstance(event, Forgives), event
    return WriteOff(whom, event.wallet, *said, asked)


def answer(outcome: Any) -> Answer:  # noqa: PLR0911 - one answer for each kind of outcome
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
    if isinstance(outcome, ChoiceMade):
        return Answer("chosen")
    if isinstance(outcome, Changed):
        return Answer(outcome.state)
    if isinstance(outcome, Transferred):
        return Answer("given", balances=parts(outcome.giver_balances))
    named = {Adjusted: "adjusted", WrittenOff: "forgiven", Favoured: "revived"}
    what = named.get(type(outcome)) or outcome.state
    return Answer(what, balances=parts(outcome.balances))
