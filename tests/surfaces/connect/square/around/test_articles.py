"""What a till tells to be for sale, and rules that ask for articles and categories."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Made, Shop
from tests.surfaces.connect.square.published import Published
from tests.surfaces.connect.square.till import SPEND, Till, earning, parts, paying
from tests.surfaces.counter import Counter

PIECES = (
    SPEND.split("rules:")[0]
    + """rules:
  - {id: cup, on: purchase, wallet: points,
     award: {give: per_item, points: 7, every: 1, skus: [latte]}}
  - {id: tea, on: purchase, wallet: points,
     award: {give: per_item, points: 3, every: 1, categories: [tea]}}
rewards:
  - {id: five-off, name: Five off, price: {points: 5}, gives: {kind: discount, off: "5.00"}}
"""
)


@pytest.fixture(scope="module")
def bar(database: Made, published: Published | None) -> Iterator[Till]:
    shop = Shop.open(database, SPEND)
    shop.begin(PIECES, slug=f"bar{os.urandom(3).hex()}")
    counter = Counter(shop)
    yield Till(counter, published)
    counter.close()


def told(
    till: Till, type_: str, said: Any, id_: str = "#new", idempotency_key: str = "", **more: Any
) -> Any:
    thing = {"type": type_, "id": id_, f"{type_.lower()}_data": said, **more}
    key = {"idempotency_key": idempotency_key} if idempotency_key else {}
    return till.good("POST", "/catalog/object", {"object": thing} | key)


def green_tea(till: Till) -> Any:
    told(till, "CATEGORY", {"name": "tea"})
    money = {"amount": 350, "currency": "USD"}
    cup = {"name": "Cup", "sku": "green", "price_money": money, "pricing_type": "FIXED_PRICING"}
    variation = {"type": "ITEM_VARIATION", "id": "#cup", "item_variation_data": cup}
    return told(till, "ITEM", {"name": "Green", "category_id": "tea", "variations": [variation]})


def test_rules_of_articles_and_categories_are_told_and_give(bar: Till) -> None:
    made = green_tea(bar)
    assert {one["client_object_id"]: one["object_id"] for one in made["id_mappings"]} == {
        "#new": made["catalog_object"]["id"], "#cup": "green",
    }  # fmt: skip
    rules = bar.good("GET", "/loyalty/programs/main")["program"]["accrual_rules"]
    assert [(one["accrual_type"], one["points"]) for one in rules] == [
        ("ITEM_VARIATION", 7), ("CATEGORY", 3),
    ]  # fmt: skip
    assert rules[0]["item_variation_data"] == {"item_variation_id": "latte"}
    assert rules[1]["category_data"] == {"category_id": "tea"}
    account = bar.joined("+12125550160")
    price = {"amount": 400, "currency": "USD"}
    lines = [
        {"quantity": "2", "catalog_object_id": "green"},
        {"quantity": "1", "catalog_object_id": "latte", "base_price_money": price},
    ]
    order = {"location_id": "main", "customer_id": account, "line_items": lines}
    made = bar.good("POST", "/orders", {"order": order})["order"]
    assert made["total_money"]["amount"] == 1_100
    assert made["line_items"][0]["name"] == "Green"
    bar.good("POST", "/payments", paying(made["id"], 1_100))
    (event,) = bar.good("POST", *earning(account, made["id"]))["events"]
    assert parts(event)[0]["points"] == 7  # of several rules the one that grants most: 6 or 7
    tea = {"location_id": "main", "customer_id": account, "line_items": lines[:1]}
    made = bar.good("POST", "/orders", {"order": tea})["order"]
    bar.good("POST", "/payments", paying(made["id"], 700))
    (event,) = bar.good("POST", *earning(account, made["id"]))["events"]
    assert parts(event)[0]["points"] == 2 * 3


def test_what_is_told_again_is_the_same_and_what_changed_since_is_refused(bar: Till) -> None:
    thing = {"type": "ITEM", "id": "#a", "item_data": {"name": "Röst ☕ 日本"}}
    body = {"object": thing, "idempotency_key": "roast"}
    first = bar.good("POST", "/catalog/object", dict(body))["catalog_object"]
    assert bar.good("POST", "/catalog/object", dict(body))["catalog_object"] == first
    assert first["item_data"]["name"] == "Röst ☕ 日本"
    other = told(bar, "ITEM", {"name": "Roast"}, first["id"], version=first["version"])
    assert other["catalog_object"]["version"] > first["version"]
    thing = {"type": "ITEM", "id": first["id"], "version": first["version"],
             "item_data": {"name": "Late"}}  # fmt: skip
    assert bar.bad("/catalog/object", {"object": thing})[:2] == (400, "CONFLICT")
    assert bar.good("GET", f"/catalog/object/{first['id']}")["object"] == other["catalog_object"]
    gone = bar.good("DELETE", f"/catalog/object/{first['id']}")
    assert gone["deleted_object_ids"] == [first["id"]]
    assert bar.ask("GET", f"/catalog/object/{first['id']}").status_code == 404
    assert bar.ask("DELETE", "/catalog/object/off-five-off").status_code == 404


def test_an_order_asked_for_again_is_the_same_whatever_became_of_its_article(bar: Till) -> None:
    def costs(cents: int, id_: str = "#beans", **more: Any) -> Any:
        money = {"amount": cents, "currency": "USD"}
        one = {"name": "Bag", "sku": "beans", "price_money": money, "item_id": item["id"]}
        return told(bar, "ITEM_VARIATION", one, id_, **more)

    item = told(bar, "ITEM", {"name": "Beans"})["catalog_object"]
    first = costs(900, idempotency_key="beans one")["catalog_object"]
    line = {"quantity": "2", "catalog_object_id": "beans"}
    body = {"order": {"location_id": "main", "line_items": [line]}, "idempotency_key": "again"}
    order = bar.good("POST", "/orders", body)["order"]
    assert order["total_money"]["amount"] == 1_800
    costs(1_000, first["id"])
    assert bar.good("POST", "/orders", body)["order"] == order
    again = costs(900, idempotency_key="beans one")["catalog_object"]
    assert again["item_variation_data"]["price_money"]["amount"] == 1_000  # nothing is told anew
    money = {"amount": 7, "currency": "USD"}
    other = {"type": "CATEGORY", "id": "#c", "category_data": {"name": "c"}}
    reused = {"object": other, "idempotency_key": "beans one"}
    assert bar.bad("/catalog/object", reused)[1] == "IDEMPOTENCY_KEY_REUSED"
    bar.good("DELETE", f"/catalog/object/{first['id']}")
    assert bar.good("POST", "/orders", body)["order"] == order
    assert costs(900, idempotency_key="beans one")["catalog_object"]["is_deleted"] is True
    line["base_price_money"] = money
    assert bar.bad("/orders", body)[1] == "IDEMPOTENCY_KEY_REUSED"


def test_wrong_articles_are_refused_with_their_field(bar: Till) -> None:
    def refused(type_: str, id_: str = "#x", **said: Any) -> tuple[Any, ...]:
        return bar.bad("/catalog/object", {"object": {"type": type_, "id": id_, **said}})

    assert refused("ITEM")[1:] == ("MISSING_REQUIRED_PARAMETER", "object.item_data")
    both = {"category_data": {"name": "a"}, "item_data": {"name": "b"}}
    assert refused("ITEM", **both)[1] == "CONFLICTING_PARAMETERS"
    assert refused("DISCOUNT", discount_data={})[0] == 400
    alone = {"name": "Cup", "price_money": {"amount": 1, "currency": "USD"}}
    assert refused("ITEM_VARIATION", item_variation_data=alone)[0] == 400
    euros = {"item_id": "tea", "price_money": {"amount": 1, "currency": "EUR"}}
    assert refused("ITEM_VARIATION", item_variation_data=euros)[1] == "CURRENCY_MISMATCH"
    assert refused("CATEGORY", "nothing", category_data={"name": "a"})[1] == "NOT_FOUND"
    order = {"location_id": "main", "line_items": [{"quantity": "1", "catalog_object_id": "no"}]}
    assert bar.bad("/orders", {"order": order})[1:] == (
        "MISSING_REQUIRED_PARAMETER", "order.line_items[0].base_price_money",
    )  # fmt: skip
