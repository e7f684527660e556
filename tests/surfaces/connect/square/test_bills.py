"""Orders and payments: what is paid once, hands over once and earns once; asked without a port."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.surfaces.connect.square.till import Till, earning, paying, points_of

from regulars.flows.tills.bills.commands import PayBill
from regulars.flows.tills.bills.keep_bills import pay_bills
from regulars.surfaces.connect.square.view import rule_of


def handed_over(till: Till, account: str) -> list[Any]:
    mine = {"loyalty_account_id": account}
    told = till.events(loyalty_account_filter=mine, type_filter={"types": ["REDEEM_REWARD"]})
    return [one["redeem_reward"]["reward_id"] for one in told]


def test_paying_an_order_hands_its_reward_over_once(till: Till) -> None:
    account = till.joined("+12125550201")
    till.given(account, 20)
    order = till.ordered(2_000, customer_id=account)
    first, gone = (till.rewarded(account, order_id=order) for _ in range(2))
    till.good("DELETE", f"/loyalty/rewards/{gone}")
    for wrong in (2_000, 1_000, 1_499):
        assert till.bad("/payments", paying(order, wrong))[:2] == (400, "BAD_REQUEST")
    card = {"source_id": "cnon:card-nonce-ok", "amount_money": {"amount": 1, "currency": "USD"}}
    assert till.bad("/payments", card)[1] == "UNSUPPORTED_SOURCE_TYPE"
    till.good("POST", "/payments", paying(order, 1_500))
    assert handed_over(till, account) == [first]
    shown = till.good("GET", f"/orders/{order}")["order"]
    assert (shown["state"], len(shown["tenders"])) == ("COMPLETED", 1)
    again = till.bad("/payments", paying(order, 1_500))
    assert again[:2] == (400, "BAD_REQUEST")
    twice = PayBill(UUID(order.removeprefix("ord_")), kind="external", amount_minor=1_500)
    (no,) = till.counter.shop.ask(pay_bills, twice)  # by whoever looked before it was paid
    assert getattr(no, "code", "") == "already_paid"
    assert till.good("GET", f"/orders/{order}")["order"] == shown
    assert till.account(account)["balance"] == 15
    late = {"loyalty_account_id": account, "reward_tier_id": "five-off", "order_id": order}
    assert till.bad("/loyalty/rewards", {"reward": late})[:2] == (400, "BAD_REQUEST")
    assert till.account(account)["balance"] == 15


def test_an_order_earns_once_and_only_when_it_is_paid(till: Till) -> None:
    account, other = till.joined("+12125550202"), till.joined("+12125550203")
    order = till.ordered(3_000, customer_id=account)
    assert till.bad(*earning(account, order))[:2] == (400, "BAD_REQUEST")
    till.good("POST", "/payments", paying(order, 3_000))
    earned = till.good("POST", *earning(account, order))["events"]
    assert points_of(earned) == [("ACCUMULATE_POINTS", 3)]
    for who in (account, other):
        found = till.bad(*earning(who, order))
        assert found == (400, "BAD_REQUEST", "accumulate_points.order_id")
    assert [till.account(who)["balance"] for who in (account, other)] == [3, 0]
    order = till.ordered(3_000)
    till.good("POST", "/payments", paying(order, 3_000))
    assert till.counter.ask("DELETE", f"/v1/members/{other}").status_code < 300
    assert till.bad(*earning(other, order)) == (404, "NOT_FOUND", "")
    assert points_of(till.good("POST", *earning(account, order))["events"])[0][1] == 3


def test_the_catalog_has_what_a_reward_takes_off_and_nothing_else(till: Till) -> None:
    (tier,) = till.good("GET", "/loyalty/programs/main")["program"]["reward_tiers"]
    named = tier["pricing_rule_reference"]
    found = till.good("GET", f"/catalog/object/{named['object_id']}?include_related_objects=true")
    rule, (of, off) = found["object"], found["related_objects"]
    assert (rule["type"], rule["version"]) == ("PRICING_RULE", named["catalog_version"])
    assert rule["pricing_rule_data"]["discount_id"] == off["id"]
    assert (off["type"], off["discount_data"]) == (
        "DISCOUNT",
        {
            "name": "Five off",
            "discount_type": "FIXED_AMOUNT",
            "amount_money": {"amount": 500, "currency": "USD"},
        },
    )
    assert of["product_set_data"] == {"all_products": True, "quantity_min": 1}
    assert till.good("GET", "/catalog/list")["objects"] == [rule, of, off]
    assert till.good("GET", "/catalog/list?types=discount,ITEM") == {"objects": [off]}
    wanted = {"object_types": ["PRODUCT_SET"], "once": False}
    assert till.good("POST", "/catalog/search", wanted) == {"objects": [of]}
    page = till.good("POST", "/catalog/search", {"limit": 2, "once": False})
    rest = {"limit": 2, "cursor": page.pop("cursor"), "once": False}
    assert page["objects"] + till.good("POST", "/catalog/search", rest).pop("objects") == [
        rule,
        of,
        off,
    ]
    some = {"object_ids": [rule["id"], "latte"], "include_related_objects": True, "once": False}
    assert till.good("POST", "/catalog/batch-retrieve", some) == {
        "objects": [rule],
        "related_objects": [of, off],
    }
    assert till.bad("/catalog/object/latte", None, "GET")[:2] == (404, "NOT_FOUND")
    asks = {"object_types": ["ITEM"], "query": {"text_query": {"keywords": ["tea"]}}}
    found = till.bad("/catalog/search", {**asks, "once": False})
    assert found == (400, "UNKNOWN_BODY_PARAMETER", "query")


def test_ids_of_the_catalog_fit_and_differ() -> None:
    names = ["x" * 31, "x" * 32, "y" + "x" * 31]
    ids = [rule_of(name, kind) for name in names for kind in ("rule", "off", "set")]
    assert ids[0] == f"rule-{names[0]}"
    assert len(set(ids)) == 9
    assert max(map(len, ids)) <= 36


def test_the_shop_and_its_token_say_what_they_are(till: Till) -> None:
    me = till.good("GET", "/merchants/me")["merchant"]
    assert (me["country"], me["currency"], me["status"]) == ("US", "USD", "ACTIVE")
    assert till.good("GET", f"/merchants/{me['id']}")["merchant"] == me
    assert till.good("GET", "/merchants")["merchant"] == [me]
    assert till.bad("/merchants/somebody", None, "GET")[:2] == (404, "NOT_FOUND")
    at = "/compat/square/oauth2/token/status"
    told = till.counter.ask("POST", at, key=till.key).json()
    assert (told["merchant_id"], "LOYALTY_WRITE" in told["scopes"]) == (me["id"], True)
    reads = till.counter.ask("POST", at, key=till.counter.made_key("square:read")).json()
    assert "LOYALTY_WRITE" not in reads["scopes"]
    for none in ("groups", "segments"):
        assert till.good("GET", f"/customers/{none}") == {}
        assert till.bad(f"/customers/{none}", {"group": {}})[0] == 405


def test_orders_are_found_by_who_and_how_they_stand_page_by_page(till: Till) -> None:
    account = till.joined("+12125550180")
    made = [till.ordered(cents, customer_id=account) for cents in (100, 200, 300)]
    till.ordered(400)
    till.good("POST", "/payments", paying(made[1], 200))

    def found(
        limit: int = 500, sort: str = "DESC", sort_field: str = "CREATED_AT", **more: Any
    ) -> list[str]:
        ids, cursor = list[str](), None
        mine = {"customer_filter": {"customer_ids": [account]}, **more}
        while True:
            asked = {
                "location_ids": ["main"], "limit": limit, "once": False,
                "query": {"filter": mine, "sort": {"sort_order": sort, "sort_field": sort_field}},
            } | ({"cursor": cursor} if cursor else {})  # fmt: skip
            page = till.good("POST", "/orders/search", asked)
            ids += [one["id"] for one in page.get("orders", ())]
            cursor = page.get("cursor")
            if cursor is None:
                return ids

    assert found() == found(limit=1) == made[::-1]
    assert found(limit=2, sort="ASC") == made
    assert found(state_filter={"states": ["COMPLETED"]}) == [made[1]]
    assert found(state_filter={"states": ["CANCELED"]}) == []
    paid = {"closed_at": {"start_at": "2020-01-01T00:00:00Z"}}
    assert found(date_time_filter=paid) == [made[1]]
    till.counter.shop.now += timedelta(seconds=1)
    till.good("POST", "/payments", paying(made[0], 100))
    closed = {"sort_field": "CLOSED_AT", "date_time_filter": paid}
    assert found(limit=1, **closed) == [made[0], made[1]]
    assert found(limit=1, sort="ASC", **closed) == [made[1], made[0]]
    assert found(date_time_filter={"created_at": {"end_at": "2020-01-01T00:00:00Z"}}) == []
    asked = {"location_ids": ["main"], "return_entries": True, "limit": 1, "once": False}
    (entry,) = till.good("POST", "/orders/search", asked)["order_entries"]
    assert set(entry) == {"order_id", "location_id", "version"}
    nowhere = {"location_ids": ["nowhere"], "once": False}
    assert till.bad("/orders/search", nowhere)[1:] == ("NOT_FOUND", "location_ids[0]")


def test_an_open_order_is_changed_sparsely_and_once(till: Till) -> None:
    account = till.joined("+12125550181")
    money = {"amount": 500, "currency": "USD"}
    lines = [{"uid": "a", "name": "Tea", "quantity": "1", "base_price_money": money},
             {"uid": "b", "quantity": "2", "base_price_money": money}]  # fmt: skip
    off = {"uid": "o", "name": "Kind", "amount_money": {"amount": 100, "currency": "USD"}}
    made = {"location_id": "main", "line_items": lines, "discounts": [off], "reference_id": "4"}
    order = till.good("POST", "/orders", {"order": made})["order"]
    at = f"/orders/{order['id']}"
    more = {"quantity": "1", "base_price_money": {"amount": 250, "currency": "USD"}, "name": "Bun"}
    body = {
        "order": {"version": 1, "customer_id": account,
                  "line_items": [{"uid": "a", "quantity": "3"}, more]},
        "fields_to_clear": ["line_items[b]", "discounts", "reference_id"],
        "idempotency_key": "three teas",
    }  # fmt: skip
    after = till.good("PUT", at, body)["order"]
    assert [(one["name"], one["quantity"]) for one in after["line_items"]] == [
        ("Tea", "3"), ("Bun", "1"),
    ]  # fmt: skip
    assert (after["version"], after["total_money"]["amount"]) == (2, 1_750)
    assert (after["customer_id"], "reference_id" in after) == (account, False)
    assert till.good("PUT", at, body)["order"] == after
    wrong = body | {"fields_to_clear": []}
    assert till.bad(at, wrong, "PUT")[1] == "IDEMPOTENCY_KEY_REUSED"
    assert till.bad(at, {"order": {"version": 1}}, "PUT")[:2] == (400, "CONFLICT")
    assert till.bad(at, {"order": {}}, "PUT")[1:] == (
        "MISSING_REQUIRED_PARAMETER", "order.version",
    )  # fmt: skip
    tip = {"order": {"version": 2}, "fields_to_clear": ["total_tip_money"]}
    assert till.bad(at, tip, "PUT")[1:] == ("INVALID_VALUE", "fields_to_clear[0]")
    new = {"quantity": "1", "base_price_money": money, "uid": "c"}
    twice = {"order": {"version": 2, "line_items": [new, new]}}
    assert till.bad(at, twice, "PUT")[1:] == ("INVALID_VALUE", "order.line_items[1].uid")
    nobody = {"order": {"version": 2}, "fields_to_clear": ["customer_id", "line_items[a].name"]}
    left = till.good("PUT", at, nobody)["order"]
    assert ("customer_id" in left, "name" in left["line_items"][0]) == (False, False)
    till.good("POST", "/payments", paying(order["id"], 1_750))
    assert till.bad(at, {"order": {"version": 4}}, "PUT")[0] == 400
