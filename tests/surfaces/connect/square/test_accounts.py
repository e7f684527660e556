"""Accounts as connected clients find, change and look through them; asked without a port."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Made, Shop
from tests.surfaces.connect.square.test_rules import SPEND, Till
from tests.surfaces.counter import Counter

from regulars.insight.connected import events

SEARCH = "/loyalty/events/search"
TILL = "+1212555"


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
