"""A till that was built for Square sells; and faults about its bills."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.insight.verify.planting import ELSE, at, planted

from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust, Redeem, Settle
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.terms.promised.keep_promotions import Made, MakePromotion, make_promotion
from regulars.flows.tills.bills.commands import OpenBill, PaidBill, PayBill, RefundBill
from regulars.flows.tills.bills.keep_bills import open_bills, pay_bills
from regulars.flows.tills.bills.refund_bills import refund_bills
from regulars.records.tills.bills.types import BillBody, Off, Sold

_BODY = BillBody(
    (Sold("cup", 3, 333), Sold("cake", 1, 500)),
    (Off("regular", percent_hundredths=1_250), Off("kind", amount_minor=100)),
)
_DUE = 1_499 - 187 - 100
_RULE = b"""{"on": "purchase", "wallet": "points", "award": {"give": "multiply", "by": 2},
             "when": {"if": "weekday", "in": ["mon"]}}"""


async def sells(shop: Any) -> None:
    """One bill is paid with a reward for it, one by a payment before; one is open."""
    ada = await shop.join("square@example.org")
    await shop.act(adjust_balances, Adjust(ada, "points", 90, "welcome", "mia"))
    opened = await shop.act(open_bills, *(OpenBill(_BODY, "main", ada) for _ in range(3)))
    first, second, third = (one.bill_id for one in opened)
    slice_ = Redeem(ada, "slice", bill=first)
    cash = PayBill(second, 1, "cash", _DUE, complete=False)
    (held,) = await shop.act(redeem_rewards, slice_)
    (kept,) = await shop.act(pay_bills, cash)
    assert (held.state, kept.replayed) == ("held", False), held
    pays = (PayBill(first, None, "cash", _DUE - 250), PayBill(second, payments=(kept.payment_id,)))
    done = await shop.act(pay_bills, *pays)
    assert all(isinstance(one, PaidBill) for one in done), done
    await shop.act(refund_bills, RefundBill(kept.payment_id, 100, "cold"))
    await shop.act(pay_bills, PayBill(third, 1, "external", _DUE, complete=False))
    (wish,) = await shop.act(redeem_rewards, Redeem(ada, "slice"))
    await shop.act(redeem_rewards, Settle(wish.redemption_id, "captured", store="main"))
    promotion = MakePromotion(_RULE.decode(), "multiply", "{}", date(2020, 1, 1), date(2020, 1, 2))
    async with shop.database.transaction(shop.program_id) as tx:
        made = await make_promotion(tx, promotion)
    assert isinstance(made, Made), made


BILLS = {
    "more of a payment was given back than was paid": planted(
        at("update bill_refund set amount_minor = 99999", "bill_refund"), "bills_refer"
    ),
    "less was paid than a bill comes to": planted(
        at(
            "update bill_payment set amount_minor = amount_minor - 1",
            "bill_payment",
            "state = 'completed'",
        ),
        "bills_paid",
    ),
    "a bill is paid and nobody paid it": planted(
        at("update bill set state = 'paid', closed_at = changed_at", "bill", "state = 'open'"),
        "bills_paid",
    ),
    "a payment was taken and its bill is open": planted(
        at("update bill_payment set state = 'completed'", "bill_payment", "state = 'approved'"),
        "bills_paid",
    ),
    "a reward is for a bill that never was": planted(
        at(f"update bill_reward set bill_id = {ELSE}", "bill_reward"), "bills_refer", "bills_paid"
    ),
    "a bill has a reward that never was": planted(
        at(f"update bill_reward set redemption_id = {ELSE}", "bill_reward"),
        "bills_refer",
        "bills_paid",
    ),
    "a payment is of a bill that never was": planted(
        at(f"update bill_payment set bill_id = {ELSE}", "bill_payment", "state = 'approved'"),
        "bills_refer",
    ),
    "something was booked in a store and is not there": planted(
        at(f"update entry_place set cause_id = {ELSE}", "entry_place"), "bills_refer"
    ),
    "a promotion has no rule": planted(
        at("update promotion set promotion_id = promotion_id || 'x'", "promotion"), "bills_refer"
    ),
}
