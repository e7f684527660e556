"""A basket is paid with points at a till: what that would be, and the points reserved for the sale.

The till records the sale next, and its payment names the reservation: with that record the points
are taken (`sync/applying.py`). Where no such record comes the reservation lapses by itself.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final

from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.money import LARGEST
from regulars.base.tx import Tx
from regulars.engine.rewarding.paying import Basket, Quote
from regulars.engine.terms import Terms
from regulars.flows.commands import Redeem
from regulars.flows.points.commands import RedeemTogether
from regulars.flows.points.quote_payment import household_of, quote_household, quote_payment
from regulars.flows.points.redeem_together import redeem_together
from regulars.flows.points.wishing import ill_told
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import Asked, Member
from regulars.records.program.parts.rewards import PAYING
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.front.by_when import saying_by_when
from regulars.surfaces.api.operations.examples import every_day
from regulars.surfaces.api.operations.rewarding.rewards import PAYING_WHY_NOT
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.strict.showing import shown_code
from regulars.surfaces.api.wire.parts import Whom, member_of
from regulars.surfaces.api.wire.rewarding.paying import QuoteShown, quote_shown
from regulars.surfaces.api.wire.rewarding.rewards import (
    PaySent,
    QuoteSent,
    RedemptionDone,
    basket_of,
    paid_in,
    redemption_done,
)
from regulars.surfaces.till.counter import examples
from regulars.surfaces.till.sync.cashiers import Cashier, approved, proven
from regulars.surfaces.till.sync.devices import working


class PaymentHereSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a basket is paid with points at this till, by this cashier."""

    member: Whom
    pay: PaySent
    cashier: Cashier = ""
    approved_by: Cashier = ""
    """Who says yes above the shop's limit (`redeem_limit`): somebody who may approve."""
    pin: Annotated[str, Meta(max_length=20)] = ""
    """Theirs."""
    card_code: Annotated[str, Meta(max_length=100)] = ""
    """What the square of the member's card said, where it was shown."""
    points: Annotated[int, Meta(ge=1, le=LARGEST)] | UnsetType = UNSET
    """So many the quote said it takes; where that changed since, it is refused."""
    together: bool = False
    """With the points of their household."""


async def quote(call: Call) -> Reply:
    """What somebody who stands at the till could pay with points; nothing is held."""
    await working(call)
    sent: QuoteSent = call.sent
    found, home, _ = await _quoted(call, sent)
    done = granted(found)
    if not done.parts:
        return Reply(quote_shown(done, home))
    async with call.transaction as tx:
        lent = await members.members(tx, [one.member_id for one in done.parts])
    return Reply(quote_shown(done, home, {id_: _called(one) for id_, one in lent.items()}))


def _called(one: Member) -> str:
    """As whoever is greeted at this counter: no more than a first name, or the end of a number."""
    return one.given_name or f"…{one.number[-4:]}"


async def pay(call: Call) -> Reply:
    """The points are reserved; the record of the sale takes them."""
    till, sent = await working(call), call.sent
    principal, _ = await proven(call, till, sent.cashier)
    asked = Asked(
        principal,
        call.asked.key,
        shown_code(call, sent.card_code, till.principal),
        alone=not await approved(call, till, sent, PAYING),
    )
    if sent.together:
        wish = await _together(call, sent, till.store, asked)
        done = await call.do(redeem_together, wish)
        shared = redemption_done(done)
        return Reply(shared, 201, done.replayed, f"/v1/redemptions/{shared.id}")
    terms = await call.terms()
    home, told = terms.at(call.now).program.currency, paid_in(sent.pay, terms)
    command = Redeem(
        member=member_of(sent.member),
        pay=basket_of(sent.pay, told),
        quoted=None if sent.points is UNSET else sent.points,
        store=till.store,
        channel="till",
        currency="" if told == home else told,
        asked=asked,
    )
    async with saying_by_when(call, command.member, command.reward):
        answer = await call.do(redeem_rewards, command)
    body = redemption_done(answer)
    return Reply(body, 201, answer.replayed, f"/v1/redemptions/{body.id}")


async def _together(call: Call, sent: PaymentHereSent, store: str, asked: Asked) -> RedeemTogether:
    """What the household of a member is asked for.

    Faults: NotFound where they belong to none; that is looked at again under the lock.
    """
    terms = await call.terms()
    home, told = terms.at(call.now).program.currency, paid_in(sent.pay, terms)
    member = member_of(sent.member)
    async with call.transaction as tx:
        (who,) = await members.whom(tx, terms.versions[-1].program.country, [member])
        if isinstance(who, Fault):
            raise who
        household = await household_of(tx, who)
    if household is None:
        raise NotFound("this member belongs to no household", field="/together")
    return RedeemTogether(
        household_id=household.household_id,
        member=member,
        pay=basket_of(sent.pay, told),
        reserves=True,
        quoted=None if sent.points is UNSET else sent.points,
        store=store,
        channel="till",
        currency="" if told == home else told,
        asked=asked,
    )


async def _quoted(call: Call, sent: QuoteSent) -> tuple[Quote | Refused, str, str]:
    """The quote, the currency of the program, and the one in which the basket is."""
    terms, member = await call.terms(), member_of(sent.member)
    home, told = terms.at(call.now).program.currency, paid_in(sent.pay, terms)
    basket: Basket = basket_of(sent.pay, told)
    wrong = ill_told(Redeem(member, pay=basket))
    if wrong is not None:
        raise wrong

    async def look(tx: Tx, terms: Terms) -> Any:
        (who,) = await members.whom(tx, terms.versions[-1].program.country, [member])
        if isinstance(who, Fault):
            raise who
        quoting = quote_household if sent.together else quote_payment
        return await quoting(tx, terms, who, basket, "" if told == home else told)

    return await call.read(look), home, told


_operation = partial(Operation, tag="Tills", scopes=(Scope.TILL,))
OPERATIONS: Final = (
    _operation(
        method="POST",
        path="/v1/till/payment-quotes",
        name="quote_payment_at_till",
        once=Once.LOOKS,
        says="What can who stands at the till pay of this basket with points?",
        notes="As `POST /v1/redemption-quotes`; nothing is held.",
        sent=QuoteSent,
        answers={200: QuoteShown},
        example=every_day.QUOTE,
        answer_example=every_day.QUOTED,
        codes=(
            "not_found", "gone", "unknown_member", *PAYING_WHY_NOT[:-3], "no_households",
            "head_only",
        ),
        do=quote,
    ),
    _operation(
        method="POST",
        path="/v1/till/payments",
        name="pay_at_till",
        says="The points that pay for a part of a basket are reserved at this till",
        notes="The till then records the purchase, and its payment in points names this redemption "
        "and says its value: with that record the points are taken. Where none comes, the "
        "reservation lapses by itself. With `together`, the points of the member's household are "
        "reserved, each with its owner; `payments` says which redemptions the sale names. With "
        "`points`, what the quote said is taken and nothing "
        "else. Above `redeem_limit` and `spending_proof` as for "
        "`POST /v1/till/redemptions`.",
        sent=PaymentHereSent,
        answers={201: RedemptionDone},
        example=examples.PAYMENT,
        answer_example=every_day.REDEEMED,
        codes=(
            "not_found", "gone", "pin_wrong", "unknown_member", "own_membership",
            "manager_needed", "too_many_tries", *PAYING_WHY_NOT, "payment_changed",
            "card_needed", "card_code_wrong", "card_code_used", "no_households", "head_only",
        ),
        do=pay,
    ),
)  # fmt: skip
