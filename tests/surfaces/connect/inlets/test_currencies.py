"""Sales that were paid in another currency are read with its decimals and count at its rate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.makers import Shop
from tests.surfaces.connect.inlets.sender import MAPPING, Sender, paid, returned
from tests.surfaces.connect.woocommerce.shop import Hook as WooHook
from tests.surfaces.connect.woocommerce.shop import WooShop
from tests.surfaces.connect.woocommerce.test_orders import member
from tests.surfaces.counter import Counter

from regulars.records.program.templates import load_template
from regulars.surfaces.connect.inlets.looking.trying import tried
from regulars.surfaces.connect.inlets.reading import Place
from regulars.surfaces.connect.inlets.wire import PayloadRead

JPY = 'currency: EUR\ncurrencies: {JPY: [{from_on: 2026-03-01, counts: "0.50", per: 100}]}\n'
PLACE = Place("EUR", "UTC", ("JPY", "KWD"))
MORE = """\
  moved: {gives: [{kind: {constant: visit}, card: data.card, currency: data.currency}]}
  back:
    gives:
      - {kind: {constant: return}, sale_id: data.id, currency: data.currency, shipping: data.ship}
"""


def told(payload: dict[str, Any]) -> PayloadRead:
    return tried(payload, MAPPING + MORE, PLACE, datetime(2026, 3, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("currency", "total", "minor"), [("JPY", "4000", 4000), ("kwd", "1.234", 1234)]
)
def test_amounts_have_the_decimals_of_their_currency(currency: str, total: str, minor: int) -> None:
    (one,) = told(paid("1", total, currency=currency)).activities
    said = one.activity
    assert (said["amount_minor"], said["currency"]) == (minor, currency.upper())
    own = told(paid("1", "12.34")).activities[0].activity
    assert own["amount_minor"] == 1234
    assert "currency" not in own


@pytest.mark.parametrize(
    ("payload", "field", "says"),
    [
        (paid("1", "40.50", currency="JPY"), "data.total", ""),
        (paid("1", currency="USD"), "data.currency", "no rate for it"),
        ({"type": "moved", "data": {"card": "a", "currency": "JPY"}}, "data.currency", "only"),
        ({"type": "back", "data": {"id": "1", "currency": "JPY", "ship": "5"}}, "", "only"),
    ],
)
def test_what_cannot_be_told_in_another_currency_says_so(
    payload: dict[str, Any], field: str, says: str
) -> None:
    found = told(payload)
    assert not found.fits
    assert (found.field or "data.currency") == (field or "data.currency")
    assert says in found.reason


def test_a_return_of_a_sale_in_another_currency_takes_back_pieces() -> None:
    (one,) = told({"type": "back", "data": {"id": "1", "currency": "JPY"}}).activities
    assert "currency" not in one.activity


@pytest.fixture(scope="module")
def counter(database: Any) -> Iterator[Counter]:
    source = load_template("coffee-shop").replace("currency: EUR\n", JPY)
    shop = Shop.open(database, source)
    opened = Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108
    yield opened
    opened.close()


def test_yen_count_at_the_rate_of_their_day_and_go_back(counter: Counter) -> None:
    sender = Sender(counter)
    sender.send("m-1", paid("1", "4000", customer="y-1", currency="JPY"))
    early = paid("2", "4000", customer="y-1", currency="JPY", paid_at="2026-02-02T11:00:00Z")
    sender.send("m-2", early)
    sender.send("m-3", paid("3", "4000", customer="y-1", currency="USD"))
    sender.book()
    assert sender.states() == [
        ("booked", "", ""),
        ("refused", "invalid", "data.currency"),
        ("unfit", "unfit", "data.currency"),
    ]
    assert sender.points("shop-y-1") == 20
    sender.send("m-4", returned("1", "r-1", lines=[{"line": 1, "pieces": 2000}]))
    sender.book()
    assert sender.points("shop-y-1") == 10


def test_yen_that_are_told_otherwise_later_are_refused(counter: Counter) -> None:
    hook, shop = WooHook(counter), WooShop(8000)
    number = shop.order("4000", member(hook, "y-2"), currency="JPY")
    shop.pays(number)
    hook.tell(shop.told[-1])
    hook.book()
    shop.orders[number]["total"] = "4500"
    shop.becomes(number, "completed")
    hook.tell(shop.told[-1])
    hook.book()
    assert [state for state, *_ in hook.states()] == ["booked", "refused"]
    (one,) = counter.get(f"{hook.place}/events?state=refused").json()["items"]
    assert "4000 JPY minor units and is told with 4500 now" in one["reason"]
    source = hook.made["inlet"]["source"]
    beside = f"external_id: data.no\n        receipt: data.id\n        told_by: [{source}]\n"
    till = Sender(counter, MAPPING.replace("external_id: data.id\n", beside, 1))
    for no, total in (("1", "4500"), ("2", "4000")):
        told = paid(str(number), total, customer="", no=no, currency="JPY", email="y-2@x.org")
        till.send(f"t-{no}", told)
        till.book()
    assert [state for state, *_ in till.states()] == ["refused", "passed"]
    assert till.points("y-2") == 20
    counter.ask("DELETE", hook.place)
