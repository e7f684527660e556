"""The rules that Square states for its Loyalty API, as its numbers; asked without a port."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import jsonschema_rs
import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.surfaces.connect.square.published import ABSENT, Published
from tests.surfaces.connect.square.till import ALL_DAY, TIMES, Till, parts, points_of
from tests.surfaces.counter import Counter

from regulars.insight.connected.taken import OF_ALL
from regulars.records.program.templates import load_template
from regulars.surfaces.connect.square.hooks import operations as hooks
from regulars.surfaces.connect.square.table import SQUARE_OPERATIONS


def test_the_floor_is_on_the_whole_purchase(till: Till) -> None:
    asked = {"transaction_amount_money": {"amount": 10_500, "currency": "USD"}, "once": False}
    found = till.good("POST", "/loyalty/programs/main/calculate", asked)
    assert found == {"points": 10, "promotion_points": 0}


def test_promotions_multiply_or_add_and_the_last_one_made_gives(till: Till) -> None:
    account = till.joined("+12125550101")
    till.promoted(TIMES, "2.000")
    three = till.promoted(TIMES, "3.000")
    assert (three["status"], three["available_time"]["start_date"]) == ("ACTIVE", "2020-01-01")
    base, more = till.bought(account, 5_000)
    assert points_of([base, more]) == [
        ("ACCUMULATE_POINTS", 5),
        ("ACCUMULATE_PROMOTION_POINTS", 10),
    ]
    assert more["accumulate_promotion_points"]["loyalty_promotion_id"] == three["id"]
    adds = {"type": "POINTS_ADDITION", "points_addition_data": {"points_addition": 3}}
    both = {"name": "x", "incentive": adds, "available_time": {"time_periods": [ALL_DAY]}}
    path = "/loyalty/programs/main/promotions"
    assert till.bad(path, {"loyalty_promotion": both})[:2] == (400, "BAD_REQUEST")
    for one in till.good("GET", f"{path}?status=ACTIVE")["loyalty_promotions"]:
        gone = till.good("POST", f"{path}/{one['id']}/cancel")["loyalty_promotion"]
        assert (gone["status"], "canceled_at" in gone) == ("CANCELED", True)
    till.promoted(TIMES, "1.500")
    assert points_of(till.bought(account, 4_000))[1] == ("ACCUMULATE_PROMOTION_POINTS", 2)
    (last,) = till.good("GET", f"{path}?status=ACTIVE")["loyalty_promotions"]
    till.good("POST", f"{path}/{last['id']}/cancel")
    added = till.promoted("POINTS_ADDITION", 3)
    assert points_of(till.bought(account, 5_000))[1] == ("ACCUMULATE_PROMOTION_POINTS", 3)
    till.good("POST", f"{path}/{added['id']}/cancel")
    assert points_of(till.bought(account, 5_000)) == [("ACCUMULATE_POINTS", 5)]
    assert till.account(account)["balance"] == 5 + 10 + 4 + 2 + 5 + 3 + 5


def test_a_purchase_without_base_points_earns_none_by_a_promotion(till: Till) -> None:
    account = till.joined("+12125550102")
    added = till.promoted("POINTS_ADDITION", 3)
    with pytest.raises(AssertionError, match="earns no points"):
        till.bought(account, 999)
    sale = {"kind": "purchase", "member": {"id": account}}
    for minor in (0, 1_000):  # at a till of ours, too
        amount = {"minor": minor, "currency": "USD"}
        till.counter.post("/v1/activities", {**sale, "amount": amount})
    assert till.account(account)["balance"] == 1 + 3
    till.good("POST", f"/loyalty/programs/main/promotions/{added['id']}/cancel")


def test_points_live_through_the_last_day_of_their_month(till: Till) -> None:
    account = till.joined("+12125550103")
    till.given(account, 7)
    (deadline,) = till.account(account)["expiring_point_deadlines"]
    assert deadline["points"] == 7
    assert deadline["expires_at"][8:16] in ("01T04:00", "01T05:00")  # midnight in New York


def test_the_sum_of_all_events_is_the_balance(till: Till) -> None:
    account = till.joined("+12125550104")
    till.given(account, 20)
    wanted = {"reward": {"loyalty_account_id": account, "reward_tier_id": "five-off"}}
    first = till.good("POST", "/loyalty/rewards", dict(wanted))["reward"]
    second = till.good("POST", "/loyalty/rewards", dict(wanted))["reward"]
    till.good("DELETE", f"/loyalty/rewards/{first['id']}")
    redeem = {"location_id": "main"}
    till.good("POST", f"/loyalty/rewards/{second['id']}/redeem", redeem)
    less = {"adjust_points": {"points": -18, "reason": "a slip"}, "allow_negative_balance": True}
    till.good("POST", f"/loyalty/accounts/{account}/adjust", less)
    told = till.events(loyalty_account_filter={"loyalty_account_id": account})
    assert points_of(told) == [
        ("ADJUST_POINTS", -18),
        ("REDEEM_REWARD", 0),
        ("DELETE_REWARD", 5),
        ("CREATE_REWARD", -5),
        ("CREATE_REWARD", -5),
        ("ACCUMULATE_POINTS", 20),
    ]
    assert sum(points for _, points in points_of(told)) == till.account(account)["balance"] == -3
    assert {one["source"] for one in told} == {"LOYALTY_API"}
    by_hand = {"member": {"id": account}, "wallet": "points", "units": 1, "reason": "x"}
    till.counter.post("/v1/adjustments", {**by_hand, "actor": "key_holder Ann"})
    (last, *_) = till.events(loyalty_account_filter={"loyalty_account_id": account})
    assert last["source"] == "SQUARE"


def test_refusals_name_their_code_and_field(till: Till) -> None:
    account = till.joined("+12125550105")
    accounts, events = "/loyalty/accounts", "/loyalty/events/search"
    mine = f"{accounts}/{account}"
    new = {"program_id": "main"}
    assert till.bad(accounts, {"loyalty_account": new})[:2] == (400, "BAD_REQUEST")
    phone = "loyalty_account.mapping.phone_number"
    wrong = {**new, "mapping": {"phone_number": "+1555"}}
    assert till.bad(accounts, {"loyalty_account": wrong}) == (400, "INVALID_PHONE_NUMBER", phone)
    again = {**new, "mapping": {"phone_number": "+12125550105"}}
    assert till.bad(accounts, {"loyalty_account": again}) == (400, "BAD_REQUEST", phone)
    over = {"loyalty_account": {**again, "balance": 5}}
    found = till.bad(accounts, over)
    assert found == (400, "UNKNOWN_BODY_PARAMETER", "loyalty_account.balance")
    gives = {"accumulate_points": {"points": 0}, "location_id": "main"}
    found = till.bad(f"{mine}/accumulate", gives)
    assert found == (400, "VALUE_TOO_LOW", "accumulate_points.points")
    takes = {"adjust_points": {"points": -1}}
    assert till.bad(f"{mine}/adjust", takes)[:2] == (400, "BAD_REQUEST")
    assert till.bad(events, {"limit": 31, "once": False}) == (400, "VALUE_TOO_HIGH", "limit")
    stray = {"cursor": "stray", "once": False}
    assert till.bad(f"{accounts}/search", stray)[1] == "INVALID_CURSOR"
    tier = {"reward": {"loyalty_account_id": account, "reward_tier_id": "none"}}
    assert till.bad("/loyalty/rewards", tier)[1] == "UNSUPPORTED_LOYALTY_REWARD_TIER"
    assert till.bad("/loyalty/rewards", {"reward": {}, "once": False})[1] in (
        "MISSING_REQUIRED_PARAMETER",
    )
    nobody = f"mem_{uuid4().hex}"
    assert till.bad(f"{accounts}/{nobody}", None, "GET")[:2] == (404, "NOT_FOUND")
    erased = till.joined("+12125550113")
    assert till.counter.ask("DELETE", f"/v1/members/{erased}").status_code < 300
    for who in (nobody, "nobody", erased):
        gives = {"accumulate_points": {"points": 1}, "location_id": "main"}
        assert till.bad(f"{accounts}/{who}/accumulate", gives) == (404, "NOT_FOUND", "")
        found = till.bad(f"{accounts}/{who}/adjust", dict(takes))
        assert found == (404, "NOT_FOUND", ""), who
    assert till.bad("/nowhere", None, "GET")[:2] == (404, "NOT_FOUND")
    assert till.bad("/loyalty/programs", None, "PUT")[:2] == (405, "METHOD_NOT_ALLOWED")
    assert till.bad(mine, None, "GET", key="x")[:2] == (401, "UNAUTHORIZED")
    reads = till.counter.made_key("square:read")
    assert till.bad(f"{mine}/adjust", takes, key=reads)[:2] == (403, "INSUFFICIENT_SCOPES")
    both = {"mappings": [{"phone_number": "+1"}], "customer_ids": ["x"]}
    found = till.bad(f"{accounts}/search", {"query": both, "once": False})
    assert found[1] == "CONFLICTING_PARAMETERS"
    assert till.account(account)["balance"] == 0


def test_the_same_key_is_answered_alike_and_another_body_under_it_refused(till: Till) -> None:
    account = till.joined("+12125550106")
    path = f"/loyalty/accounts/{account}/accumulate"
    body = {"accumulate_points": {"points": 9}, "location_id": "main", "idempotency_key": "k1"}
    first, again = till.good("POST", path, dict(body)), till.good("POST", path, dict(body))
    assert first == again
    other = {**body, "accumulate_points": {"points": 8}}
    assert till.bad(path, other)[:2] == (400, "IDEMPOTENCY_KEY_REUSED")
    second = till.joined("+12125550107")
    elsewhere = path.replace(account, second)
    assert till.good("POST", elsewhere, dict(body))["events"][0]["id"] != first["events"][0]["id"]
    adjusted = {"adjust_points": {"points": -4}, "idempotency_key": "k1"}
    event = till.good("POST", f"/loyalty/accounts/{account}/adjust", adjusted)["event"]
    assert event["adjust_points"]["points"] == -4
    own, till.key = till.key, till.counter.made_key("square:write")
    more = till.good("POST", path, dict(body))["events"]
    till.key = own
    assert more[0]["id"] != first["events"][0]["id"]
    reward = {"loyalty_account_id": account, "reward_tier_id": "five-off"}
    made = {"reward": reward, "idempotency_key": "k2"}
    one = till.good("POST", "/loyalty/rewards", dict(made))
    till.good("DELETE", f"/loyalty/rewards/{one['reward']['id']}")
    assert till.good("POST", "/loyalty/rewards", dict(made)) == one
    assert till.account(account)["balance"] == 9 - 4 + 9


def test_pages_end_without_a_cursor(till: Till) -> None:
    account = till.joined("+12125550108")
    for points in (1, 2, 3):
        till.given(account, points)
    wanted = {"query": {"filter": {"loyalty_account_filter": {"loyalty_account_id": account}}}}
    seen, cursor = [], None
    for _ in range(3):
        more = {"cursor": cursor} if cursor else {}
        body = {**wanted, "limit": 1, "once": False, **more}
        page = till.good("POST", "/loyalty/events/search", body)
        seen += [part["points"] for one in page["events"] for part in parts(one)]
        cursor = page.get("cursor")
    assert (seen, cursor) == ([3, 2, 1], None)
    mine = {"query": {"loyalty_account_id": account}, "limit": 1, "once": False}
    assert till.good("POST", "/loyalty/rewards/search", dict(mine)) == {}
    till.given(account, 10)
    first, second = till.rewarded(account), till.rewarded(account)
    page = till.good("POST", "/loyalty/rewards/search", dict(mine))
    last = till.good("POST", "/loyalty/rewards/search", {**mine, "cursor": page["cursor"]})
    assert [one["id"] for one in page["rewards"] + last["rewards"]] == [second, first]
    assert "cursor" not in last


def test_rewards_of_everybody_are_gone_through_by_their_index(till: Till) -> None:
    account = till.joined("+12125550112")
    till.given(account, 15)
    held, deleted, taken = (till.rewarded(account) for _ in range(3))
    till.good("DELETE", f"/loyalty/rewards/{deleted}")
    till.good("POST", f"/loyalty/rewards/{taken}/redeem", {"location_id": "main"})
    body: dict[str, Any] = {"limit": 2, "once": False}
    page = till.good("POST", "/loyalty/rewards/search", dict(body))
    after = {**body, "limit": 1, "cursor": page["cursor"]}
    page["rewards"] += till.good("POST", "/loyalty/rewards/search", after)["rewards"]
    # Whichever changed last; at one instant whichever was made last.
    assert [one["id"] for one in page["rewards"]] == [taken, deleted, held]
    for status, id_ in (("ISSUED", held), ("DELETED", deleted), ("REDEEMED", taken)):
        only = {"query": {"loyalty_account_id": account, "status": status}, "once": False}
        assert [
            one["id"] for one in till.good("POST", "/loyalty/rewards/search", only)["rewards"]
        ] == [id_]
    shop = till.counter.shop
    plan = shop.run(planned(shop.made.owner_dsn, OF_ALL, "1, '{held}', null, null, 3"))
    assert "Index Scan Backward using redemption_changed" in plan, plan
    assert plan.count("Sort") <= 2, plan  # of a page of each state, never of all there are


async def planned(dsn: str, query: str, args: str) -> str:
    """How the database would go about a query, were the table too long to be read whole."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("set enable_seqscan = off; set enable_bitmapscan = off")
        await connection.execute("set plan_cache_mode = force_generic_plan")
        await connection.execute(f"prepare pages as {query}")
        asked = f"explain (costs off) execute pages({args})"
        return "\n".join(row[0] for row in await connection.fetch(asked))
    finally:
        await connection.close()


def test_an_id_of_another_program_is_nothing(till: Till) -> None:
    account = till.joined("+12125550109")
    till.given(account, 20)
    reward = {"loyalty_account_id": account, "reward_tier_id": "five-off"}
    made = till.good("POST", "/loyalty/rewards", {"reward": reward})["reward"]["id"]
    order = {"location_id": "main"}
    bill = till.good("POST", "/orders", {"order": order})["order"]["id"]
    shop = Shop.open(till.counter.shop.made, load_template("coffee-shop"))
    other = Counter(shop)
    try:
        key = other.made_key("square:read", "square:write", "square:promote")
        for path in (
            f"/loyalty/accounts/{account}",
            f"/loyalty/rewards/{made}",
            f"/orders/{bill}",
            "/loyalty/programs/spend",
        ):
            assert till.bad(path, None, "GET", key=key)[:2] == (404, "NOT_FOUND"), path
        stolen = {"accumulate_points": {"points": 1}, "location_id": "main"}
        assert till.bad(f"/loyalty/accounts/{account}/accumulate", stolen, key=key)[0] == 404
        assert (
            till.bad(f"/loyalty/rewards/{made}/redeem", {"location_id": "main"}, key=key)[0] == 404
        )
    finally:
        other.close()
    assert till.account(account)["balance"] == 15


READING = ("get", "search", "calculate", "list", "batch_retrieve", "retrieve")
HEARING = {one.name for one in hooks.OPERATIONS}
PROMOTING = {"square_create_promotion", "square_cancel_promotion"}


def opening(name: str) -> set[str]:
    """The scopes that are to open an operation, by what it does."""
    if name in PROMOTING:
        return {"square:promote", "all"}
    if name in HEARING:
        return {"webhooks:write", "all"}
    if name in ("square_retrieve_token_status", "square_obtain_token", "square_revoke_token"):
        return {"square:read", "square:write", "square:promote", "webhooks:write", "all"}
    reads = name.removeprefix("square_").startswith(READING)
    return {"square:write", "all"} | ({"square:read"} if reads else set())


def test_each_operation_opens_to_its_scopes_and_to_no_other(till: Till) -> None:
    scopes = (
        "square:read", "square:write", "square:promote", "webhooks:write", "all", "till",
        "members:read",
    )  # fmt: skip
    keys = {scope: till.counter.made_key(scope) for scope in scopes}
    before = till.counter.shop.counts()
    for operation in SQUARE_OPERATIONS:
        path = re.sub(r"\{[a-z_]+\}", "nothing", operation.path)
        body = {"luck": 1} if operation.sent is not None else None
        for scope, key in keys.items():
            answer = till.counter.ask(operation.method, path, body, key=key)
            opened = scope in opening(operation.name)
            assert (answer.status_code != 403) == opened, (operation.name, scope)
            assert answer.status_code < 500, (operation.name, scope)
            assert answer.headers["square-version"]
        nobody = till.counter.ask(operation.method, path, body, key="")
        assert nobody.status_code == 401, operation.name
    assert till.counter.shop.counts() == before


def test_a_reward_is_redeemed_once_and_never_after_it_was_deleted(till: Till) -> None:
    account = till.joined("+12125550110")
    till.given(account, 10)
    wanted = {"loyalty_account_id": account, "reward_tier_id": "five-off"}
    first = till.good("POST", "/loyalty/rewards", {"reward": wanted})["reward"]["id"]
    second = till.good("POST", "/loyalty/rewards", {"reward": wanted})["reward"]["id"]
    at = {"location_id": "main"}
    till.good("POST", f"/loyalty/rewards/{first}/redeem", dict(at))
    assert till.bad(f"/loyalty/rewards/{first}/redeem", dict(at))[:2] == (400, "BAD_REQUEST")
    assert till.bad(f"/loyalty/rewards/{first}", None, "DELETE")[:2] == (400, "BAD_REQUEST")
    till.good("DELETE", f"/loyalty/rewards/{second}")
    assert till.bad(f"/loyalty/rewards/{second}/redeem", dict(at))[:2] == (400, "BAD_REQUEST")
    assert till.account(account)["balance"] == 5


def test_a_customer_is_a_member_and_gets_their_account(till: Till) -> None:
    made = {"given_name": "Ada", "email_address": "ada@example.com", "reference_id": "crm-7"}
    ada = till.good("POST", "/customers", made)["customer"]
    assert (ada["given_name"], ada["reference_id"]) == ("Ada", "crm-7")
    by = {"query": {"filter": {"email_address": {"exact": "ada@example.com"}}}, "once": False}
    (found,) = till.good("POST", "/customers/search", by)["customers"]
    assert found == ada
    twice = till.bad("/customers", {"email_address": "ada@example.com"})
    assert twice == (400, "BAD_REQUEST", "email_address")
    account = till.joined("+12125550111", customer_id=ada["id"])
    assert account == ada["id"]
    path = f"/customers/{ada['id']}"
    more = {"family_name": "Lovelace", "email_address": None, "once": False}
    changed = till.good("PUT", path, more)["customer"]
    assert (changed["given_name"], changed["family_name"]) == ("Ada", "Lovelace")
    assert "email_address" not in changed
    stale = {"given_name": "A.", "version": ada["version"], "once": False}
    assert till.bad(path, stale, "PUT")[1] == "CONFLICT"
    page = till.good("GET", "/customers?limit=1")
    assert len(page["customers"]) == 1
    assert page["cursor"]


def test_the_books_are_right_after_all_of_it(till: Till) -> None:
    till.counter.shop.run(assert_books_right(till.counter.shop.made.owner_dsn))


def test_an_answer_of_another_shape_is_noticed(published: Published | None) -> None:
    if published is None:
        pytest.skip(ABSENT)
    asked = httpx.Request("GET", "http://x/compat/square/v2/loyalty/accounts/mem_1")
    body = {"loyalty_account": {"program_id": "main", "balance": "7"}}
    with pytest.raises(jsonschema_rs.ValidationError):
        published.hold(httpx.Response(200, json=body, request=asked))
