"""A shop with cards and nothing that sends: who opens their card was told what ends, and when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.flows.points.test_notices import TOLD
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.card.test_showing import words
from tests.surfaces.counter import Counter, buys


@pytest.fixture
def told(fresh_database: Any) -> Iterator[Counter]:
    counter = Counter.open(fresh_database, source=TOLD)
    yield counter
    counter.close()


def shown(told: Counter, who: str) -> list[tuple[str, Any]]:
    """By what each message of theirs was shown, and when."""
    lying = told.get(f"/v1/members/{who}/messages").json()["items"]
    return [(one["delivered_by"], one["delivered_at"]) for one in lying]


def test_points_lapse_of_who_opened_the_card_and_of_nobody_else(told: Counter) -> None:
    shop = told.shop
    shop.at("2026-03-02 13:00")
    ada, bob = told.joined("A-1"), told.joined("B-1")
    for day in ("02", "03"):  # what ends on another day is told of on a line of its own
        shop.at(f"2026-03-{day} 13:00")
        for card in ("A-1", "B-1"):
            assert told.post("/v1/activities", buys(card, 4_000)).status_code == 201
    shop.at("2026-05-20 03:00")
    shop.night("post_notices")
    for ahead in ({"sec_purpose": "prefetch;prerender"}, {"purpose": "prefetch"},
                  {"x_purpose": "preview"}, {"x_moz": "prefetch"}):  # fmt: skip
        Pocket(told, ada).get("/card", **ahead)
    assert shown(told, ada) == [("", None), ("", None)]
    text = words(Pocket(told, ada).get("/card").text)
    assert text.partition("Good until")[2].count("40 points") == 2
    first = shown(told, ada)
    assert [by for by, _ in first] == ["card", "card"]
    shop.at("2026-05-21 03:00")
    Pocket(told, ada).get("/card")
    assert shown(told, ada) == first
    assert shown(told, bob) == [("", None), ("", None)]
    shop.at("2026-06-05 03:00")
    shop.night("expire_lots")
    left = {who: told.get(f"/v1/members/{who}/standing").json() for who in (ada, bob)}
    assert left[ada]["wallets"]["points"]["available"] == 0
    assert left[bob]["wallets"]["points"]["available"] == 80
