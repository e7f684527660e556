"""The office supplies from end to end: bought on Adobe Commerce, heard by Klaviyo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import NOON, Shop
from tests.surfaces.connect.klaviyo.account import KlaviyoAccount
from tests.surfaces.connect.klaviyo.town import DOCUMENT, KEYED, KlaviyoTown
from tests.surfaces.connect.magento.conftest import opened_counter
from tests.surfaces.connect.magento.hook import Endpoint
from tests.surfaces.connect.magento.shop import MagentoShop
from tests.surfaces.connect.magento.test_carts import off, reserves, stands
from tests.surfaces.counter import Counter

from regulars.records.program.templates import load_template
from regulars.runtime.working.hooks.dispatcher import Dispatcher

TIERS = """
tiers:
  measure: spend
  window: calendar_year
  valid: next_window_end
  returned_credit: revoke_now
  steps:
    - {id: office, name: Office, at: "1000.00"}

cases:"""
DESKS = ("desk", 5, "300.00", "0")


class Office(KlaviyoTown):
    """The same shop, connected with an account of Klaviyo."""

    def __init__(self, shop: Shop) -> None:  # its program goes on, and none begins
        self.shop, self.account = shop, KlaviyoAccount(NOON, DOCUMENT)
        opens: Any = lambda: self.account  # noqa: E731
        self.dispatcher = Dispatcher(shop.database, KEYED, opens)

    def metrics(self) -> list[tuple[str, Any]]:
        """What it heard since it was asked last, each with its value."""
        self.later(seconds=5)
        self.tells()
        heard = [(name, one.get("value")) for (name, _), one in self.account.events.items()]
        self.account.events.clear()
        return heard


@pytest.fixture(scope="module")
def counter(database: object) -> Iterator[Counter]:
    source = load_template("office-supplies").replace("\ncases:", TIERS, 1)
    opened = opened_counter(Shop.open(database, source))  # type: ignore[arg-type]
    yield opened
    opened.close()


def test_an_order_its_points_a_tier_a_voucher_and_a_credit_memo_are_what_klaviyo_heard(
    counter: Counter,
) -> None:
    hook = Endpoint(counter, MagentoShop())
    office = Office(counter.shop)
    office.connects()
    shop, email = hook.store, hook.member("c-office")
    who = shop.customer(email)
    hook.hear()
    assert office.metrics() == [("Joined Loyalty Program", None)]
    order = shop.sells(email, DESKS, customer=who)
    hook.hear()
    assert office.metrics() == [("Points Earned", 1520), ("Tier Changed", None)]
    assert office.account.kept(email)["properties"]["loyalty_tier"] == "office"
    cart = shop.cart(who, ("pen", 10, "1.00"))
    voucher = reserves(hook, "c-office")
    assert off(hook.tell(cart)) == "5.00"
    assert office.metrics() == [("Reward Reserved", 500)]
    quote = int(cart["quote"]["entity_id"])
    paid = shop.order(
        email, ("pen", 10, "1.00", "0"), customer=who, quote_id=quote, base_discount_amount=-5.0
    )
    shop.orders[paid]["items"][0]["base_discount_amount"] = 5.0
    shop.orders[paid]["base_grand_total"] = 5.0
    shop.pays(paid)
    hook.hear()
    assert stands(hook, voucher) == "captured"
    assert sorted(office.metrics()) == [("Points Earned", 5), ("Reward Redeemed", None)]
    shop.takes_back(order, {0: 2})  # three desks are left: 900.00, and no tier
    hook.hear()
    heard = office.metrics()
    assert ("Points Returned", -600) in heard
    assert "Tier Changed" in [name for name, _ in heard]
    left = hook.points("c-office")
    assert left == 1520 - 500 + 5 - 600
    assert office.account.kept(email)["properties"]["loyalty_points"] == left
    assert office.account.kept(email)["properties"]["loyalty_tier"] is None
    for event in shop.told:  # all of it comes once more, as after an outage
        assert hook.tell(event).status_code == 200
    hook.work()
    assert office.metrics() == []
