"""A till that was built for Square opens a bill, reserves a reward for it and is paid."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from msgspec.structs import replace
from tests.isolation.scenes import Ask, key, of, with_points
from tests.makers import Shop

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Redeem
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.terms.promised.keep_promotions import Made, MakePromotion, make_promotion
from regulars.flows.tills.bills.change_bills import change_bills
from regulars.flows.tills.bills.commands import (
    ChangeBill,
    CreditBill,
    OpenBill,
    PayBill,
    RefundBill,
)
from regulars.flows.tills.bills.credit_bills import credit_bills
from regulars.flows.tills.bills.keep_bills import open_bills, pay_bills
from regulars.flows.tills.bills.refund_bills import refund_bills
from regulars.flows.tills.keep_articles import KeepArticles, keep_articles
from regulars.records.activity.types import Body, Line
from regulars.records.tills.articles.types import Article
from regulars.records.tills.bills.types import SOURCE, BillBody, Sold, number_of

_BODY = BillBody((Sold("one", 2, 500),))


def opens(n: int, _: Any) -> Ask:
    return open_bills, [OpenBill(_BODY, "", of("a", n), key(n, "opened"))]


def opened(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Bills of nobody."""
    shop.joined(*[f"a{n}" for n in ns])
    return [one.bill_id for one in shop.ask(open_bills, *(OpenBill(_BODY, "") for _ in ns))]


def changes(n: int, bill_id: Any) -> Ask:
    body = BillBody((Sold("one", 3, 500),))
    return change_bills, [ChangeBill(bill_id, 1, body, of("a", n), key(n, "changed"), b"three")]


def with_reward(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Bills, each with a reward that is reserved for it."""
    with_points(shop, ns)
    made = shop.ask(open_bills, *(OpenBill(_BODY, "", of("a", n)) for n in ns))
    ids = [one.bill_id for one in made]
    held = shop.redeem(
        *(Redeem(of("a", n), reward="coffee", bill=id_) for n, id_ in zip(ns, ids, strict=True))
    )
    assert all(one.state == "held" for one in held), held
    return ids


def pays(n: int, bill_id: Any) -> Ask:
    command = PayBill(bill_id, None, "cash", 1000, asked=key(n, "paid"))
    return pay_bills, [command]


def with_payments(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Payments for nothing we know, one for each."""
    paid = shop.ask(pay_bills, *(PayBill(None, None, "cash", 1000) for _ in ns))
    return [one.payment_id for one in paid]


def refunds(n: int, payment_id: Any) -> Ask:
    return refund_bills, [RefundBill(payment_id, 400, "cold", key(n, "refunded"))]


def with_refunds(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Bills that were paid, and of each a half given back before anybody is credited."""
    shop.joined(*[f"a{n}" for n in ns])
    made = shop.ask(open_bills, *(OpenBill(_BODY, "") for _ in ns))
    pays_ = [PayBill(one.bill_id, None, "cash", 1000) for one in made]
    paid = shop.ask(pay_bills, *pays_)
    shop.ask(refund_bills, *(RefundBill(one.payment_id, 500, "cold") for one in paid))
    return [
        CreditBill(
            one.bill_id,
            RecordActivity(
                "purchase", of("a", n), source=SOURCE, external_id=number_of(one.bill_id),
                body=Body((Line(1000, quantity=2),)), asked=key(n, "credited"),
            ),
        )
        for n, one in zip(ns, made, strict=True)
    ]  # fmt: skip


def credits_(_: int, command: Any) -> Ask:
    return credit_bills, [command]


def sells(n: int, _: Any) -> Ask:
    tea = Article("#tea", "category", "tea", 0, datetime(2026, 3, 2, tzinfo=UTC))
    return keep_articles, [KeepArticles((tea,), key(n, "sold"))]


def reserves(n: int, bill_id: Any) -> Ask:
    wish = Redeem(of("a", n), reward="coffee", bill=bill_id, asked=key(n, "reserved"))
    return redeem_rewards, [wish]


async def _promote(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    done = []
    for wish in batch:
        made = await make_promotion(tx, wish)
        assert isinstance(made, Made), made
        done.append(replace(made, promotion_id="made by chance"))
    return done


def promotes(n: int, _: Any) -> Ask:
    rule = {
        "on": "purchase", "wallet": "points", "award": {"give": "multiply", "by": 2},
        "when": {"if": "store", "in": ["nowhere"]},
    }  # fmt: skip
    # Over already, so that any number of them can be made; its rule is in force until the next one
    # is made, and would give more to members of later runs, did it not look for a store of its own.
    days = (date(2020, 1, 1), date(2020, 1, 2))
    wish = MakePromotion(json.dumps(rule), "multiply", "{}", *days, key(n, "promoted"))
    return _promote, [wish]
