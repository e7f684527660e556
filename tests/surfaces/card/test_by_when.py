"""A reward that lacks points says how many, and by when those on their way are enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.makers import NOON
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.card.test_showing import words
from tests.surfaces.counter import Counter, buys

LATER = """
regulars: 1
program: by-when-{name}
name: Later Shop
currency: EUR
zone: Europe/Berlin
wallets:
  points:
    name: Points
    one: Point
    pending: {until: duration, after: 14 days}
    expiry: {after: 5 days}
  beans: {pending: {until: duration, after: 16 days}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: bean, on: visit, wallet: beans, award: {give: fixed, points: 1}}
rewards:
  - {id: pair, name: A pair, price: {points: 10, beans: 1}, worth: "3.00"}
  - {id: mug, name: A mug, price: {points: 10}, worth: "2.00"}
  - {id: lamp, name: A lamp, price: {points: 25}, worth: "6.00"}
  - {id: sofa, name: A sofa, price: {points: 90}, worth: "20.00"}
"""


@pytest.fixture
def shop(database: Any) -> Iterator[Counter]:
    counter = Counter.open(database, source=LATER.replace("{name}", "a"))
    counter.shop.now = NOON
    yield counter
    counter.close()


def reach(shop: Counter, member: str) -> dict[str, str | None]:
    said = shop.get(f"/v1/members/{member}/standing").json()
    return {one["reward"]: one["there_at"] for one in said["rewards"] if one["reward"] != "pair"}


def at(days: int) -> str:
    return (NOON + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_two_batches_together_are_enough_and_each_reward_has_its_day(shop: Counter) -> None:
    ada = shop.joined("two-a")
    shop.post("/v1/activities", buys("two-a", 1200, external_id="1", source="t"))
    shop.shop.now += timedelta(days=3)
    shop.post("/v1/activities", buys("two-a", 1400, external_id="2", source="t"))
    assert reach(shop, ada) == {"mug": at(14), "lamp": at(17), "sofa": None}
    card = Pocket(shop, ada)
    for language, says, not_yet in (
        ("en", "10 Points to go until", "90 Points to go"),
        ("de", "Noch 10 Points bis", "Noch 90 Points"),
        ("tr", "tarihine kadar 10 Points kaldı", "90 Points kaldı"),
        ("ar", "المزيد في الطريق", "90"),
    ):
        text = words(card.get(f"/card/rewards?lang={language}").text)
        assert says in text, (language, text)
        assert not_yet in text, (language, text)
    text = words(card.get("/card/rewards?lang=en").text)
    assert "10 Points to go until" in text
    assert text.count("more are on their way") == 4  # beside the bar, and read aloud with it
    assert "16" in text.partition("10 Points to go until")[2][:20]
    # They are there: nothing is to be said any more.
    shop.shop.now = NOON + timedelta(days=14, minutes=1)
    assert reach(shop, ada)["mug"] is None or reach(shop, ada)["mug"] <= at(15)


def test_what_lapses_before_is_not_counted(shop: Counter) -> None:
    ada = shop.joined("gone-a")
    shop.post("/v1/activities", buys("gone-a", 1500, external_id="3", source="t"))
    shop.shop.now += timedelta(days=10)
    shop.post("/v1/activities", buys("gone-a", 1400, external_id="4", source="t"))
    # The 15 come on day 14 and lapse on day 19; the 14 come on day 24: never 25 together.
    assert reach(shop, ada) == {"mug": at(14), "lamp": None, "sofa": None}


def test_a_refused_redemption_says_the_day_that_the_card_says(shop: Counter) -> None:
    ada = shop.joined("refused-a")
    shop.post("/v1/activities", buys("refused-a", 1200, external_id="5", source="t"))
    shop.shop.now += timedelta(days=3)
    shop.post("/v1/activities", buys("refused-a", 1400, external_id="6", source="t"))

    def refused(path: str, reward: str) -> Any:
        no = shop.post(path, {"member": {"id": ada}, "reward": reward})
        assert (no.status_code, no.json()["code"]) == (409, "not_enough_points"), no.text
        return no.json()["facts"]

    had = {"wallet": "points", "available": 0}
    for path in ("/v1/redemptions", "/v1/reward-quotes"):
        assert refused(path, "mug") == had | {"price": 10, "there_at": at(14)}
        assert refused(path, "lamp") == had | {"price": 25, "there_at": at(17)}
        # More than are on their way: nothing is promised.
        assert refused(path, "sofa") == had | {"price": 90}
    # By the card in their hand the same; and what is refused for another reason says no day.
    by_card = {"member": {"card": "refused-a"}, "reward": "lamp"}
    assert shop.post("/v1/redemptions", by_card).json()["facts"]["there_at"] == at(17)
    nothing = shop.post("/v1/redemptions", {"member": {"id": ada}, "reward": "nothing"})
    assert "there_at" not in nothing.text


def test_a_price_in_two_wallets_is_there_when_both_are(shop: Counter) -> None:
    """A refusal names the first that lacks; by that alone the day would be two days too early."""
    ada = shop.joined("pair-a")
    shop.post("/v1/activities", buys("pair-a", 1200, external_id="7", source="t"))
    noted = {"kind": "visit", "member": {"id": ada}, "source": "t", "external_id": "8"}
    assert shop.post("/v1/activities", noted).status_code == 201
    no = shop.post("/v1/redemptions", {"member": {"id": ada}, "reward": "pair"}).json()
    assert (no["code"], no["facts"]["wallet"]) == ("not_enough_points", "points")
    assert no["facts"]["there_at"] == at(16)
