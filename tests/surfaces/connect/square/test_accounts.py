"""Accounts as connected clients find, change and look through them; asked without a port."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.makers import Made, Shop
from tests.surfaces.connect.square.till import ALL_DAY, SPEND, TIMES, Till, points_of
from tests.surfaces.counter import Counter

from regulars.flows.membership.commands import Merged, MergeMembers
from regulars.flows.membership.merge_members import merge_members
from regulars.flows.tills.commands import KeepStore
from regulars.flows.tills.keep_stores import keep_stores
from regulars.insight.connected import events
from regulars.records.members.types import Asked, Identifier, LinkIdentifiers, MemberRef
from regulars.surfaces.api.operations.members import linking

SEARCH = "/loyalty/events/search"
TILL = "+1212555"

PLACES = """\
  - {id: only-a, name: In A, price: {points: 3}, stores: [a], gives: {kind: discount, off: "1.00"}}
  - {id: web, name: Web, price: {points: 3}, channels: [web], gives: {kind: discount, off: "1.00"}}
"""


@pytest.fixture(scope="module")
def till(database: Made) -> Iterator[Till]:
    counter = Counter(Shop.open(database, SPEND))
    yield Till(counter)
    counter.close()


def pages(till: Till, limit: int, filters: dict[str, Any]) -> list[list[Any]]:
    found, cursor = [], None
    for _ in range(100):
        more = {"cursor": cursor} if cursor else {}
        body = {"query": {"filter": filters}, "limit": limit, "once": False, **more}
        page = till.good("POST", SEARCH, body)
        found.append(page.get("events", []))
        cursor = page.get("cursor")
        if cursor is None:
            return found
    raise AssertionError("it goes on for ever")


def test_a_page_of_everybody_looks_back_so_far_and_no_further(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = till.joined(f"{TILL}0201")
    till.given(account, 5)
    wanted = {"loyalty_account_id": account, "reward_tier_id": "five-off"}
    till.good("POST", "/loyalty/rewards", {"reward": wanted})
    for _ in range(6):
        till.given(account, 1)
    rare: dict[str, Any] = {"type_filter": {"types": ["CREATE_REWARD"]}}
    (whole,) = pages(till, 30, {})
    (alone,) = pages(till, 30, rare)
    assert len(whole) == 8
    monkeypatch.setattr(events, "LOOK", 2)
    monkeypatch.setattr("regulars.surfaces.connect.square.operations.events._LOOKS", 2)
    some = pages(till, 30, rare)
    assert some[0] == []  # nothing yet, and a cursor
    assert [one for page in some for one in page] == alone
    for limit in (1, 3, 30):
        assert [one for page in pages(till, limit, {}) for one in page] == whole


def test_an_order_finds_what_it_brought_about_without_looking_at_everybody(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = till.joined(f"{TILL}0202")
    (earned,) = till.bought(account, 2_000)
    till.given(account, 1)
    monkeypatch.setattr(events, "LOOK", 0)
    wanted = {"order_filter": {"order_id": earned["accumulate_points"]["order_id"]}}
    assert pages(till, 30, wanted) == [[earned]]
    assert pages(till, 30, {"order_filter": {"order_id": "ord_none"}}) == [[]]


def test_what_was_asked_before_a_merge_is_answered_alike_after_it(till: Till) -> None:
    join = {"loyalty_account": {"program_id": "main", "mapping": {"phone_number": f"{TILL}0203"}}}
    join["idempotency_key"] = "join-then-merge"
    gone = till.good("POST", "/loyalty/accounts", dict(join))["loyalty_account"]["id"]
    stays = till.joined(f"{TILL}0204")
    give = {"accumulate_points": {"points": 20}, "location_id": "main", "idempotency_key": "give"}
    take = {"adjust_points": {"points": -1}, "idempotency_key": "take"}
    wanted = {"loyalty_account_id": gone, "reward_tier_id": "five-off"}
    ada = {"given_name": "Ada", "reference_id": "merged-7", "idempotency_key": "ada"}
    customer = till.good("POST", "/customers", dict(ada))["customer"]["id"]
    asked = [
        (f"/loyalty/accounts/{gone}/accumulate", give),
        (f"/loyalty/accounts/{gone}/adjust", take),
        ("/loyalty/rewards", {"reward": wanted, "idempotency_key": "want"}),
    ]
    before = [till.good("POST", path, dict(body)) for path, body in asked]
    path = f"/loyalty/rewards/{before[2]['reward']['id']}/redeem"
    handed = {"location_id": "main", "idempotency_key": "hand over"}
    event = till.good("POST", path, dict(handed))
    for one in (gone, customer):
        merge(till, one, stays)
    assert [till.good("POST", path, dict(body)) for path, body in asked] == before
    assert till.good("POST", path, dict(handed)) == event
    again = till.good("POST", "/loyalty/accounts", dict(join))["loyalty_account"]
    assert (again["id"], again["balance"]) == (stays, 14)
    assert till.good("POST", "/customers", dict(ada))["customer"]["id"] == stays
    for one in (gone, stays):
        told = till.events(loyalty_account_filter={"loyalty_account_id": one})
        assert sum(points for _, points in points_of(told)) == 14
        query = {"query": {"loyalty_account_id": one}, "once": False}
        (reward,) = till.good("POST", "/loyalty/rewards/search", query)["rewards"]
        assert (reward["loyalty_account_id"], reward["points"]) == (stays, 5)
    (mine,) = till.good("POST", "/loyalty/accounts/search", by_customer(gone))["loyalty_accounts"]
    assert mine["id"] == stays


def merge(till: Till, gone: str, stays: str) -> None:
    refs = [MemberRef(id=UUID(one[4:])) for one in (gone, stays)]
    command = MergeMembers(*refs, "the same person", "owner", Asked("owner", uuid4().hex))
    (done,) = till.counter.shop.ask(merge_members, command)
    assert isinstance(done, Merged), done


def by_customer(*ids: str) -> dict[str, Any]:
    return {"query": {"customer_ids": list(ids)}, "once": False}


def test_updating_a_customer_replaces_what_was_shown_and_nothing_else(till: Till) -> None:
    account = till.joined(f"{TILL}0205")
    others = [("phone", f"{TILL}0206"), ("external", "shop-1"), ("external", "crm-1")]
    named = tuple(Identifier(kind, value) for kind, value in others)
    link = LinkIdentifiers(MemberRef(id=UUID(account[4:])), link=named, asked=Asked("x", "l5"))
    till.counter.shop.ask(linking, link)
    path = f"/customers/{account}"
    shown = till.good("GET", path)["customer"]
    same = {key: shown[key] for key in ("phone_number", "reference_id", "version")}
    till.good("PUT", path, {**same, "given_name": "Ann", "once": False})
    assert names(till, account) == {*others, ("phone", f"{TILL}0205")}
    moved = {"phone_number": "(212) 555-0207", "reference_id": None, "once": False}
    till.good("PUT", path, moved)
    # Of several that came at once the first in the alphabet is shown.
    left = {("phone", f"{TILL}0206"), ("phone", f"{TILL}0207"), ("external", "shop-1")}
    assert names(till, account) == left
    till.joined(f"{TILL}0208")
    taken = {"given_name": "Bo", "phone_number": f"{TILL}0208", "once": False}
    assert till.bad(path, taken, "PUT") == (400, "BAD_REQUEST", "phone_number")
    wrong = {"given_name": "Bo", "email_address": "no", "once": False}
    assert till.bad(path, wrong, "PUT") == (400, "INVALID_EMAIL_ADDRESS", "email_address")
    stale = {"version": shown["version"], "given_name": "Bo", "once": False}
    assert till.bad(path, stale, "PUT") == (400, "CONFLICT", "version")
    assert till.good("GET", path)["customer"]["given_name"] == "Ann"


def names(till: Till, account: str) -> set[tuple[str, str]]:
    sql = "select kind, value from identifier where program_id = $1 and member_id = $2"
    rows = till.counter.shop.rows(sql, UUID(account[4:]))
    return {(kind, value) for kind, value in rows if kind != "number"}


def test_a_reward_is_handed_over_where_it_is_to_be_had(database: Made) -> None:
    own = SPEND + PLACES
    till = Till(Counter(Shop.open(database, own.replace("program: spend", "program: places"))))
    for code in ("a", "b"):
        till.counter.shop.ask(keep_stores, KeepStore(code, "mia", name=code))
    tiers = till.good("GET", "/loyalty/programs/main")["program"]["reward_tiers"]
    assert {one["id"] for one in tiers} == {"only-a", "five-off"}
    account = till.joined(f"{TILL}0209")
    body = {"accumulate_points": {"points": 9}, "location_id": "a"}
    till.good("POST", f"/loyalty/accounts/{account}/accumulate", body)
    wanted = {"loyalty_account_id": account, "reward_tier_id": "only-a"}
    made = till.good("POST", "/loyalty/rewards", {"reward": wanted})["reward"]
    path = f"/loyalty/rewards/{made['id']}/redeem"
    assert till.bad(path, {"location_id": "b"})[:2] == (400, "BAD_REQUEST")
    till.good("POST", path, {"location_id": "a"})
    orders = {}
    for code in ("a", "b"):
        line = {"quantity": "1", "base_price_money": {"amount": 900, "currency": "USD"}}
        order = {"order": {"location_id": code, "line_items": [line]}}
        orders[code] = till.good("POST", "/orders", order)["order"]["id"]
    there = {"reward": {**wanted, "order_id": orders["b"]}}
    assert till.bad("/loyalty/rewards", there)[:2] == (400, "BAD_REQUEST")
    till.good("POST", "/loyalty/rewards", {"reward": {**wanted, "order_id": orders["a"]}})
    assert till.account(account)["balance"] == 3
    till.counter.close()


def test_an_account_finds_the_customer_who_is_known_by_the_telephone(till: Till) -> None:
    phone, accounts = f"{TILL}0210", "/loyalty/accounts"
    bo = till.good("POST", "/customers", {"given_name": "Bo", "phone_number": phone})["customer"]
    body = {"loyalty_account": {"program_id": "main", "mapping": {"phone_number": phone}}}
    first = {**body, "idempotency_key": "account of Bo"}
    made = till.good("POST", accounts, dict(first))
    assert made["loyalty_account"]["customer_id"] == bo["id"]
    assert till.good("POST", accounts, dict(first)) == made
    assert till.bad(accounts, dict(body))[:2] == (400, "BAD_REQUEST")
    cy = till.good("POST", "/customers", {"phone_number": f"{TILL}0211"})["customer"]
    till.given(cy["id"], 1)
    taken = {"loyalty_account": {"program_id": "main", "mapping": {"phone_number": f"{TILL}0211"}}}
    assert till.bad(accounts, taken)[:2] == (400, "BAD_REQUEST")
    assert till.joined(f"{TILL}0212", customer_id=bo["id"]) == bo["id"]  # a further telephone
    assert till.good("POST", accounts, dict(first))["loyalty_account"]["id"] == bo["id"]


def test_an_empty_list_finds_nobody(till: Till) -> None:
    for query in ({"mappings": []}, {"customer_ids": []}):
        found = till.good("POST", "/loyalty/accounts/search", {"query": query, "once": False})
        assert found == {}
    everybody = till.good("POST", "/loyalty/accounts/search", {"query": {}, "once": False})
    assert everybody["loyalty_accounts"]
    both = {"query": {"mappings": [], "customer_ids": []}, "once": False}
    assert till.bad("/loyalty/accounts/search", both)[1] == "CONFLICTING_PARAMETERS"


def test_a_page_has_no_more_events_than_were_asked_for(till: Till) -> None:
    account = till.joined(f"{TILL}0213")
    twice = till.promoted(TIMES, "2.000")
    till.bought(account, 1_000)
    till.bought(account, 3_000)
    till.good("POST", f"/loyalty/programs/main/promotions/{twice['id']}/cancel")
    mine = {"loyalty_account_filter": {"loyalty_account_id": account}}
    (whole,) = pages(till, 30, mine)
    assert [points for _, points in points_of(whole)] == [3, 3, 1, 1]
    for limit in (1, 2, 3):
        found = pages(till, limit, mine)
        assert [len(page) for page in found][:-1] == [limit] * (len(found) - 1)
        assert [one for page in found for one in page] == whole
    given = {**mine, "type_filter": {"types": ["ACCUMULATE_PROMOTION_POINTS"]}}
    assert [one for page in pages(till, 1, given) for one in page] == [whole[0], whole[2]]


def test_a_promotion_is_made_once_by_whichever_name_its_program_is_called(till: Till) -> None:
    wanted = {
        "name": "twice",
        "incentive": {"type": TIMES, f"{TIMES.lower()}_data": {"multiplier": "2.000"}},
        "available_time": {"time_periods": [ALL_DAY]},
    }
    body = {"loyalty_promotion": wanted, "idempotency_key": "once for both"}
    first, again = (
        till.good("POST", f"/loyalty/programs/{name}/promotions", dict(body))["loyalty_promotion"]
        for name in ("main", "spend")
    )
    assert again["id"] == first["id"]
    till.good("POST", f"/loyalty/programs/main/promotions/{first['id']}/cancel")
