"""A code of a reward is a coupon of Adobe Commerce: once, over in both places, whatever breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Shop
from tests.surfaces.connect.magento.hook import Endpoint
from tests.surfaces.connect.magento.shop import MagentoShop
from tests.surfaces.connect.magento.test_orders import PENS
from tests.surfaces.connect.shopify.test_codes import SHOWS, Desk
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.surfaces.connect.catching.asking import Shop as Asked
from regulars.surfaces.connect.catching.keys import ShopKeys
from regulars.surfaces.connect.magento.codes import MagentoCodes

_KIND = "condition_type"
_AT = "Magento\\SalesRule\\Model\\Rule\\Condition"


@pytest.fixture(scope="module")
def counter(database: object) -> Iterator[Counter]:
    shop = Shop.open(database, SHOWS)  # type: ignore[arg-type]
    opened = Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108
    yield opened
    opened.close()


def opened_desk(counter: Counter) -> Desk:
    """A shop that has the codes, chosen in the console."""
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    hook = Endpoint(counter, MagentoShop())
    desk = Desk(hook, hook.store, browser)
    assert desk.turn("on").status_code == 303
    return desk


@pytest.fixture
def desk(counter: Counter) -> Iterator[Desk]:
    made = opened_desk(counter)
    yield made
    made.owner.sign_in(somebody(counter).email)
    assert made.turn("off").status_code == 303
    counter.ask("DELETE", made.hook.place)


def coupon(desk: Desk, code: str) -> dict[str, Any]:
    """What the shop has of a code, with its rule."""
    there = desk.store.promotions
    (one,) = (one for one in there.coupons.values() if one["code"] == code)
    return one | {"rule": there.rules[one["rule_id"]]}


def test_codes_of_one_reward_are_coupons_of_one_rule_whoever_did_not_hear_of_it(desk: Desk) -> None:
    store = desk.store
    first = desk.code("M-1")
    store.breaks = ("POST /rest/V1/salesRules",)
    desk.tell()
    assert desk.states() == [("wanted", "the connection broke off")]
    store.breaks = ("POST /rest/V1/coupons",)
    desk.hook.later(minutes=5)
    desk.tell()
    store.breaks = ()
    second = desk.code("M-2")
    desk.hook.later(minutes=15)
    desk.tell()
    desk.tell()
    assert desk.states() == [("made", ""), ("made", "")]
    assert [one["code"] for one in store.promotions.coupons.values()] == [first, second]
    (rule,) = store.promotions.rules.values()
    assert (rule["simple_action"], str(rule["discount_amount"])) == ("cart_fixed", "2.5")
    assert (rule["website_ids"], rule["customer_group_ids"]) == ([1], [0, 1, 2, 3])
    assert (rule["uses_per_coupon"], rule["uses_per_customer"]) == (1, 0)
    rule["is_active"] = False
    desk.code("M-off")
    desk.tell()
    assert desk.states()[-1] == ("failed", "its rule is switched off there")


def test_a_percentage_a_least_basket_and_goods_are_told_as_they_were_promised(desk: Desk) -> None:
    desk.store.promotions.articles("T-1", "T-2")
    tenth, tea, gone = (desk.code(f"M-{one}", reward=one) for one in ("tenth", "tea", "gone"))
    desk.tell()
    of_tenth, of_tea = coupon(desk, tenth)["rule"], coupon(desk, tea)["rule"]
    assert (of_tenth["simple_action"], of_tenth["discount_amount"]) == ("by_percent", 10)
    (least,) = of_tenth["condition"]["conditions"]
    assert (least["operator"], least["value"]) == (">=", "20.00")
    assert of_tenth["action_condition"]["conditions"] == []
    assert (of_tea["simple_action"], of_tea["condition"]["conditions"]) == ("cart_fixed", [])
    some = of_tea["action_condition"]
    assert (some[_KIND], some["aggregator_type"]) == (f"{_AT}\\Product\\Combine", "any")
    assert [(one["attribute_name"], one["value"]) for one in some["conditions"]] == [
        ("sku", "T-1"), ("sku", "T-2"),
    ]  # fmt: skip
    assert desk.states()[-1] == ("failed", "the shop has no article T")
    assert gone not in [one["code"] for one in desk.store.promotions.coupons.values()]


def test_used_in_the_shop_it_is_used_here_and_the_coupon_is_gone(desk: Desk) -> None:
    code, store = desk.code("M-3"), desk.store
    desk.tell()
    number = store.order("who@x.org", PENS, coupon_code=f"SUMMER, {code.lower()}")
    desk.hook.hear()
    assert desk.standing(code) == "issued", "it is not paid yet"
    store.pays(number)
    desk.hook.hear()
    assert desk.standing(code) == "used"
    store.breaks = ("DELETE /rest/V1/coupons/2",)
    desk.tell()
    assert store.promotions.coupons == {}
    store.breaks = ()
    desk.hook.later(minutes=5)
    desk.tell()
    assert desk.states() == [("ended", "")], "what is gone there is over"


def test_a_code_of_somebody_else_is_left_alone_and_what_is_not_allowed_is_said(desk: Desk) -> None:
    code, there = desk.code("M-4"), desk.store.promotions
    desk.store.lacks = ("customerGroups", "Magento_Customer::group")
    desk.tell()
    says = "this integration may not use Magento_Customer::group: allow it there"
    assert desk.states() == [("wanted", says)]
    desk.store.lacks = None
    there.rules[90] = {"rule_id": 90, "name": "Summer"}
    there.coupons[91] = {"coupon_id": 91, "rule_id": 90, "code": code.lower()}
    desk.hook.later(minutes=5)
    desk.tell()
    assert desk.states() == [("failed", "the shop has this code already, and it is not ours")]
    keys = Asked("https://shop.example.org", ShopKeys(desk.store.token, ""))
    there.coupons[2] = {"coupon_id": 2, "rule_id": 90, "code": "summer"}
    for there_id in ("", "2"):  # the second is what another shop called it
        asyncio.run(MagentoCodes().end(desk.store.answers, keys, code, there_id))
    assert list(there.coupons) == [91, 2]
    there.stores = there.stores[1:]
    desk.code("M-5")
    desk.tell()
    assert desk.states()[-1] == ("failed", "the shop sells nothing in EUR")
