"""What an order comes to, as clients see it: its lines, discounts, and the rewards for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from regulars.base.ids import short
from regulars.base.tx import Tx
from regulars.engine.rewarding.counter import pricing
from regulars.records.rewards import read as rewards
from regulars.records.rewards.types import Promised, Redemption
from regulars.records.tills.bills import read
from regulars.records.tills.bills.types import NOT_SAID, Bill, BillBody, Off, Payment, Refund
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.square.times import instant
from regulars.surfaces.connect.square.view import MAIN, View, rule_of


class Taken(NamedTuple):
    """One discount and what it takes off."""

    uid: str
    name: str
    minor: int
    percentage: str = ""
    reward_id: str = ""
    step_id: str = ""


class Priced(NamedTuple):
    """An order with everything that belongs to it."""

    bill: Bill
    taken: tuple[Taken, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...] = ()

    @property
    def gross(self) -> int:
        """What its lines come to."""
        return pricing.gross_of(self.bill.body)

    @property
    def off(self) -> int:
        """What discounts take off it."""
        return sum(one.minor for one in self.taken)

    @property
    def is_given_back(self) -> bool:
        """Whether all that was paid of it was given back."""
        back = sum(one.amount_minor for one in self.refunds)
        return back > 0 and back >= self.gross - self.off

    @property
    def due(self) -> int:
        """What is to be paid of it still."""
        return 0 if self.bill.state == "paid" else self.gross - self.off


async def priced_bills(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Priced]:
    """These orders, with their payments and the rewards that are for them."""
    bills = await read.bills(tx, ids)
    if not bills:
        return {}
    for_each = await read.rewards_of(tx, list(bills))
    owners = await rewards.whose(tx, [id_ for each in for_each.values() for id_ in each])
    found = await rewards.some(tx, list(set(owners.values())), list(owners))
    payments: dict[UUID, list[Payment]] = {}
    for one in await read.payments(tx, bill_ids=list(bills)):
        payments.setdefault(one.bill_id, []).append(one)
    refunds: dict[UUID, list[Refund]] = {}
    for refund in await read.refunds(tx, bill_ids=list(bills)):
        refunds.setdefault(refund.bill_id, []).append(refund)
    return {
        id_: Priced(
            bill,
            taken_off(bill.body, _alive(for_each.get(id_, ()), found, tx.now)),
            tuple(payments.get(id_, ())),
            tuple(refunds.get(id_, ())),
        )
        for id_, bill in bills.items()
    }


def _alive(
    ids: Sequence[UUID], found: Mapping[UUID, Redemption], now: datetime
) -> list[tuple[str, str, Promised]]:
    """Rewards that take something off: reserved still, or handed over."""
    return [
        (shown("red", id_), short(found[id_].reward), found[id_].promised)
        for id_ in ids
        if pricing.counts(found[id_], now)
    ]


def taken_off(body: BillBody, rewards_: Sequence[tuple[str, str, Promised]]) -> tuple[Taken, ...]:
    """What every discount takes off; together no more than there is."""
    offs = iter(pricing.taken_off(body, [promised for _, _, promised in rewards_]))
    found = [Taken(off.uid, off.name, next(offs), _percentage(off)) for off in body.discounts]
    for reward_id, step_id, promised in rewards_:
        uid = f"{reward_id}"[:60]
        found.append(Taken(uid, promised.name, next(offs), "", reward_id, step_id))
    return tuple(found)


def _percentage(off: Off) -> str:
    if off.percent_hundredths is None:
        return ""
    whole, rest = divmod(off.percent_hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")


def order_shown(seen: View, priced: Priced, *, saved: bool = True) -> dict[str, Any]:
    """An order as clients see it."""
    bill = priced.bill
    total = priced.gross - priced.off
    shown_: dict[str, Any] = {
        "location_id": short(bill.store) if bill.store else MAIN,
        "line_items": _lines(seen, priced),
        "discounts": [_discount_shown(seen, one) for one in priced.taken],
        "rewards": [
            {"id": one.reward_id, "reward_tier_id": one.step_id}
            for one in priced.taken
            if one.reward_id
        ],
        "state": "COMPLETED" if bill.state == "paid" else "OPEN",
        "version": bill.version,
        "created_at": instant(bill.opened_at),
        "updated_at": instant(bill.changed_at),
        "total_money": _money(seen, total),
        "total_tax_money": _money(seen, 0),
        "total_discount_money": _money(seen, priced.off),
        "total_tip_money": _money(seen, 0),
        "total_service_charge_money": _money(seen, 0),
        "net_amount_due_money": _money(seen, priced.due),
        "refunds": [_refund(seen, one) for one in priced.refunds],
        "tenders": [_tender(seen, one) for one in priced.payments],
    }
    if saved:
        shown_["id"] = shown("ord", bill.bill_id)
    if bill.member_id != NOT_SAID:
        shown_["customer_id"] = shown("mem", bill.member_id)
    if bill.body.reference:
        shown_["reference_id"] = bill.body.reference
    if bill.closed_at is not None:
        shown_["closed_at"] = instant(bill.closed_at)
    return {name: value for name, value in shown_.items() if value != []}


def _lines(seen: View, priced: Priced) -> list[dict[str, Any]]:
    shares = shared(priced.off, [line.amount_minor for line in priced.bill.body.lines])
    found = []
    for line, off in zip(priced.bill.body.lines, shares, strict=True):
        one: dict[str, Any] = {
            "uid": line.uid,
            "quantity": str(line.quantity),
            "item_type": "ITEM",
            "base_price_money": _money(seen, line.price_minor),
            "variation_total_price_money": _money(seen, line.amount_minor),
            "gross_sales_money": _money(seen, line.amount_minor),
            "total_tax_money": _money(seen, 0),
            "total_discount_money": _money(seen, off),
            "total_money": _money(seen, line.amount_minor - off),
        }
        one |= {"name": line.name} if line.name else {}
        one |= {"catalog_object_id": line.sku} if line.sku else {}
        found.append(one)
    return found


def shared(amount: int, over: Sequence[int]) -> list[int]:
    """An amount in parts that go by these weights and add up to it.

    Example: 100 over 333, 333 and 334 is 33, 33 and 34.
    """
    whole, given, parts = sum(over), 0, []
    seen = 0
    for weight in over:
        seen += weight
        upto = amount * seen // whole if whole else 0
        parts.append(upto - given)
        given = upto
    return parts


def _discount_shown(seen: View, one: Taken) -> dict[str, Any]:
    found: dict[str, Any] = {
        "uid": one.uid,
        "scope": "ORDER",
        "applied_money": _money(seen, one.minor),
        "type": "FIXED_PERCENTAGE" if one.percentage else "FIXED_AMOUNT",
    }
    found |= {"percentage": one.percentage} if one.percentage else {}
    found |= {} if one.percentage else {"amount_money": _money(seen, one.minor)}
    found |= {"name": one.name} if one.name else {}
    if one.reward_id:
        found |= {"reward_ids": [one.reward_id], "pricing_rule_id": rule_of(one.step_id)}
    return found


def _tender(seen: View, payment: Payment) -> dict[str, Any]:
    return {
        "id": shown("pay", payment.payment_id),
        "payment_id": shown("pay", payment.payment_id),
        "type": "CASH" if payment.kind == "cash" else "OTHER",
        "amount_money": _money(seen, payment.amount_minor),
        "created_at": instant(payment.made_at),
    }


def _refund(seen: View, refund: Refund) -> dict[str, Any]:
    return {
        "id": shown("rfd", refund.refund_id),
        "location_id": short(refund.store) if refund.store else MAIN,
        "tender_id": shown("pay", refund.payment_id),
        "created_at": instant(refund.made_at),
        "reason": refund.reason or "Refund",
        "amount_money": _money(seen, refund.amount_minor),
        "status": "APPROVED",
    }


def _money(seen: View, minor: int) -> dict[str, Any]:
    return {"amount": minor, "currency": seen.currency}
