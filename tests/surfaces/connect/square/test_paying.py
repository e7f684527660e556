"""What an order comes to when it is paid, whoever looked at it before; asked without a port."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from tests.makers import Made, Shop
from tests.surfaces.connect.square.till import SPEND, Till
from tests.surfaces.counter import Counter

from regulars.base.faults import Refused
from regulars.flows.commands import Settle
from regulars.flows.tills.bills.commands import PaidBill, PayBill
from regulars.flows.tills.bills.keep_bills import pay_bills
from regulars.records.members.types import Asked


@pytest.fixture(scope="module")
def till(database: Made) -> Iterator[Till]:
    counter = Counter(Shop.open(database, SPEND))
    yield Till(counter)
    counter.close()


@pytest.fixture(scope="module")
def account(till: Till) -> str:
    """Somebody with many points."""
    found = till.joined("+12125550201")
    till.given(found, 1_000)
    return found


def money(cents: int) -> dict[str, Any]:
    return {"amount": cents, "currency": "USD"}


def line(cents: int, quantity: str = "1") -> dict[str, Any]:
    return {"quantity": quantity, "base_price_money": money(cents)}


def opened(till: Till, *lines: Any, **more: Any) -> Any:
    order = {"location_id": "main", "line_items": list(lines), **more}
    return till.good("POST", "/orders", {"order": order})["order"]


def seen(till: Till, order_id: str) -> Any:
    return till.good("GET", f"/orders/{order_id}")["order"]


def with_reward(till: Till, account: str, order_id: str, tier: str = "five-off") -> str:
    reward = {"loyalty_account_id": account, "reward_tier_id": tier, "order_id": order_id}
    return str(till.good("POST", "/loyalty/rewards", {"reward": reward})["reward"]["id"])


def approved(till: Till, order_id: str, cents: int) -> str:
    paid = {
        "source_id": "EXTERNAL",
        "amount_money": money(cents),
        "order_id": order_id,
        "external_details": {"type": "OTHER", "source": "Terminal"},
        "autocomplete": False,
    }
    return str(till.good("POST", "/payments", paid)["payment"]["id"])


def pays(order_id: str, cents: int, key: str) -> PayBill:
    id_ = UUID(order_id.removeprefix("ord_"))
    return PayBill(id_, kind="external", amount_minor=cents, asked=Asked("till", key))


def test_an_order_is_paid_at_what_it_comes_to_now(till: Till, account: str) -> None:
    order = opened(till, line(1_000))
    before = pays(order["id"], 1_000, "looked before the reward")
    reward = with_reward(till, account, order["id"])
    (no,) = till.counter.shop.ask(pay_bills, before)
    assert isinstance(no, Refused)
    assert (no.code, no.facts) == ("other_sum", {"due_minor": 500, "paid_minor": 1_000})
    assert till.good("GET", f"/loyalty/rewards/{reward}")["reward"]["status"] == "ISSUED"
    meant = pays(order["id"], 500, "looked before it was given back")
    till.good("DELETE", f"/loyalty/rewards/{reward}")
    (no,) = till.counter.shop.ask(pay_bills, meant)
    assert isinstance(no, Refused)
    assert (no.code, no.facts["due_minor"]) == ("other_sum", 1_000)
    assert seen(till, order["id"])["state"] == "OPEN"


def test_the_version_that_is_paid_is_the_one_that_was_seen(till: Till, account: str) -> None:
    order = opened(till, line(1_000))
    payment = approved(till, order["id"], 500)
    reward = with_reward(till, account, order["id"])
    assert seen(till, order["id"])["version"] == order["version"] + 1
    till.good("DELETE", f"/loyalty/rewards/{reward}")
    assert seen(till, order["id"])["version"] == order["version"] + 2
    with_reward(till, account, order["id"])
    path, body = f"/orders/{order['id']}/pay", {"payment_ids": [payment]}
    assert till.bad(path, {**body, "order_version": 3})[:2] == (400, "CONFLICT")
    paid = till.good("POST", path, {**body, "order_version": 4})["order"]
    assert (paid["state"], paid["total_money"]["amount"], paid["version"]) == ("COMPLETED", 500, 5)


def test_a_reward_that_was_handed_over_before_takes_its_part_off(till: Till, account: str) -> None:
    order = opened(till, line(1_000))
    reward = with_reward(till, account, order["id"])
    part = Settle(UUID(reward.removeprefix("red_")), "captured", {"points": 2})
    (done,) = till.counter.shop.settle(part)
    assert done.state == "captured", done
    (paid,) = till.counter.shop.ask(pay_bills, pays(order["id"], 500, "after its reward"))
    assert isinstance(paid, PaidBill), paid


def test_of_several_who_pay_one_order_at_once_one_does(till: Till, account: str) -> None:
    order = opened(till, line(1_000))
    with_reward(till, account, order["id"])
    done = till.counter.shop.ask(pay_bills, *(pays(order["id"], 500, f"b{n}") for n in range(3)))
    first, *others = done
    assert isinstance(first, PaidBill)
    assert [getattr(one, "code", "") for one in others] == ["already_paid"] * 2
    assert len(seen(till, order["id"])["tenders"]) == 1


def test_a_payment_that_is_named_twice_counts_once(till: Till) -> None:
    order = opened(till, line(1_000))
    payment = approved(till, order["id"], 500)
    path = f"/orders/{order['id']}/pay"
    no = till.bad(path, {"payment_ids": [payment, payment]})
    assert no == (400, "INVALID_VALUE", "payment_ids[1]")
    ids = (UUID(payment.removeprefix("pay_")),) * 2
    id_ = UUID(order["id"].removeprefix("ord_"))
    twice = PayBill(id_, payments=ids, asked=Asked("till", "twice"))
    (refused,) = till.counter.shop.ask(pay_bills, twice)
    assert isinstance(refused, Refused)
    assert refused.facts == {"due_minor": 1_000, "paid_minor": 500}


def test_an_order_comes_to_no_more_than_can_be_counted(till: Till) -> None:
    most = 2**53 - 1
    order: dict[str, Any] = {"location_id": "main", "line_items": [line(most, "999999")]}
    too_high = (400, "VALUE_TOO_HIGH")
    assert till.bad("/orders", {"order": order}) == (*too_high, "order.line_items[0].quantity")
    order["line_items"] = [line(most), line(1)]
    assert till.bad("/orders", {"order": order}) == (*too_high, "order.line_items")
    asked = {"order": order, "once": False}
    assert till.bad("/orders/calculate", asked) == (*too_high, "order.line_items")
    assert opened(till, line(most))["total_money"]["amount"] == most
