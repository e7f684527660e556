"""Gift balances, paid for and spent in parts; and what is given to causes in members' place."""

from __future__ import annotations

from regulars.base.faults import Invalid, Refused
from regulars.base.money import decimals
from regulars.base.tx import Tx
from regulars.engine.terms import Terms, Version
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust
from regulars.flows.points.payouts.show_causes import show_causes
from regulars.records.access.types import Scope
from regulars.records.ledger.totals import read as totals
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.operations.examples import choosing as examples
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.wire.parts import Money, member_of, minor_of
from regulars.surfaces.api.wire.rewarding.gifts import (
    CausesShown,
    GiftLiabilities,
    GiftLiability,
    TopUpDone,
    TopUpSent,
    causes_shown,
    top_up_done,
)


async def top_up(call: Call) -> Reply:
    """So much money was paid for a gift balance."""
    sent: TopUpSent = call.sent
    version = (await call.terms()).at(call.now)
    if sent.wallet not in gift_wallets(version):
        says = "no gift balance to the smallest coin; name a wallet of kind gift with its scale"
        granted(Refused("not_stored_value", says, {"wallet": sent.wallet}))
    units = minor_of(sent.amount, version.program.currency, "/amount")
    if units < 1:
        raise Invalid("say how much was paid for, above nothing", field="/amount")
    command = Adjust(
        member=member_of(sent.member),
        wallet=sent.wallet,
        units=units,
        reason=f"topped up: {sent.reference}",
        actor=sent.actor or call.asked.principal,
        asked=call.asked,
        receipt=sent.reference,
    )
    answer = await call.do(adjust_balances, command)
    return Reply(top_up_done(answer, version.program.currency), 201, answer.replayed)


async def liability(call: Call) -> Reply:
    """What all members have on gift balances together."""
    version = (await call.terms()).at(call.now)
    async with call.transaction as tx:
        there = await totals.outstanding(tx)
    currency = version.program.currency
    items = [
        GiftLiability(name, Money(there.get(code, 0), currency))
        for name, code in gift_wallets(version).items()
    ]
    return Reply(GiftLiabilities(items))


async def causes(call: Call) -> Reply:
    """What was given to causes in the place of all members, or of the one in the address."""
    named = call.ids.get("member_id")
    id_ = None if named is None else addressed("mem", named)

    async def look(tx: Tx, terms: Terms) -> CausesShown:
        found = await show_causes(tx, terms, id_)
        return causes_shown(found, terms.at(tx.now).program.currency)

    return Reply(await call.read(look))


def gift_wallets(version: Version) -> dict[str, int]:
    """The wallets that hold stored value to the smallest coin, with their codes."""
    money = decimals(version.program.currency)
    return {
        name: version.wallet_codes[version.compiled.wallet_places[name]]
        for name, wallet in version.program.wallets.items()
        if wallet.kind == "gift" and wallet.scale == money
    }


_TAG = "Rewards"

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/gift-topups",
        name="top_up_gift",
        tag=_TAG,
        says="A gift balance was paid for",
        notes="Spend it with `POST /v1/redemptions` and `pay` with its `wallet`: the sale names "
        "that redemption in a payment of kind `stored_value`, which is payment and no discount. "
        "What comes back with a return is on the balance again.",
        scopes=(Scope.ADJUSTMENTS_WRITE,),
        sent=TopUpSent,
        answers={201: TopUpDone},
        example=examples.TOP_UP,
        answer_example=examples.TOPPED_UP,
        codes=("unknown_member", "not_stored_value", "member_erased", "own_membership"),
        do=top_up,
    ),
    Operation(
        method="GET",
        path="/v1/gift-liability",
        name="gift_liability",
        tag=_TAG,
        says="What the shop owes for gift balances: what all members have on them together",
        scopes=(Scope.BOOKS_READ,),
        answers={200: GiftLiabilities},
        answer_example=examples.GIFT_LIABILITY,
        do=liability,
    ),
    Operation(
        method="GET",
        path="/v1/causes",
        name="list_causes",
        tag=_TAG,
        says="What was given to each cause in members' place, the most first",
        notes="Rewards of kind `donation` that were taken, as they were promised on their day: so "
        "much money the shop gives, or gave, to whom they name.",
        scopes=(Scope.BOOKS_READ,),
        answers={200: CausesShown},
        answer_example=examples.CAUSES,
        do=causes,
    ),
    Operation(
        method="GET",
        path="/v1/members/{member_id}/causes",
        name="list_member_causes",
        tag=_TAG,
        says="What a member had given to each cause in their place, the most first",
        scopes=(Scope.BOOKS_READ,),
        answers={200: CausesShown},
        answer_example=examples.MEMBER_CAUSES,
        codes=("unknown_member",),
        do=causes,
    ),
)
