"""The catalogue of rewards: what each is worth, costs and leaves, and how a card shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import NOON, Shop
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.engine.rewarding.promise import margin_of

SHOP = """
regulars: 1
program: shop
name: Shop
currency: EUR
zone: Europe/Berlin
wallets: {points: {name: Points, one: Point}}
rewards:
  - {id: cup, name: A cup, price: {points: 101}, worth: "3.00", cost: "0.70"}
  - {id: mug, name: A mug, price: {points: 200}, worth: "9.00"}
  - {id: loss, name: A feast, price: {points: 10}, worth: "1.00", cost: "4.00", tier: gold}
  - {id: share, name: A tenth off, price: {points: 10}, gives: {kind: discount, percent: 10}}
  - {id: five, name: Five off, price: {points: 500}, gives: {kind: discount, off: "5.00"}}
tiers: {steps: [{id: gold, name: Gold, at: "100.00"}]}
translations:
  de: {rewards.cup.name: Eine Tasse}
  ar: {rewards.cup.name: كوب}
"""


@pytest.fixture(scope="module")
def counter(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, SHOP))  # type: ignore[arg-type]
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def owner(counter: Counter) -> Browser:
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    return browser


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def rows(page: str) -> dict[str, list[str]]:
    """Worth, cost and margin of each reward, by its name."""
    found = {}
    for row in page.split("<tr>")[2:]:
        name = re.findall(r"<bdi>(.*?)</bdi>", row)[0]
        cells = re.findall(r'<td class="number"[^>]*>(.*?)</td>', row, re.DOTALL)
        found[name] = [text(one) for one in cells[:3]]
    return found


def test_what_is_left_is_rounded_down_and_of_no_worth_there_is_none(counter: Counter) -> None:
    async def terms(_: Any, terms: Any) -> Any:
        return terms

    version = counter.shop.do(terms).at(NOON)
    found = {id_: margin_of(version, one, NOON) for id_, one in version.rewards.items()}
    assert {id_: (one.left_minor, one.percent, one.said) for id_, one in found.items()} == {
        "cup": (230, 76, True),
        "mug": (0, 0, False),
        "loss": (-300, -300, True),
        "share": (0, None, False),
        "five": (0, 0, False),
    }


def test_worth_cost_and_margin_stand_beside_each_reward(owner: Browser) -> None:
    assert rows(owner.get("/console/rewards").text) == {
        "A cup": ["€3.00", "€0.70", "€2.30 76%"],
        "A mug": ["€9.00", "€9.00 as its worth", "€0.00 0%"],
        "A feast": ["€1.00", "€4.00", "-€3.00 -300%"],
        "A tenth off": ["by what is bought", "–", "–"],
        "Five off": ["€5.00", "€5.00 as its worth", "€0.00 0%"],
    }


@pytest.mark.parametrize(
    ("look", "name", "parts"),
    [
        ("en", "A cup", ("As a member sees it", "51 Points to go", "Worth €3.00")),
        ("de", "Eine Tasse", ("Wie ein Mitglied es sieht", "noch 51 Points", "Wert 3,00")),
        ("tr", "A cup", ("Bir üyenin gördüğü gibi", "51 Points kaldı", "3,00")),
        ("ar", "كوب", ("كما يراها العضو", "بقي 51 Points", 'dir="rtl"')),
    ],
)
def test_a_card_shows_it_in_the_language_that_is_looked_at(
    owner: Browser, look: str, name: str, parts: tuple[str, ...]
) -> None:
    page = owner.get(f"/console/rewards/cup/card?look={look}").text
    for part in (name, *parts):
        assert part in page, part
    assert f'lang="{look}"' in page
    assert '<nav class="ways"' not in page  # nothing that leads into somebody's card
    assert page.count('class="reward ') == 2


def test_who_is_not_there_yet_is_shown_where_there_is_a_tier(owner: Browser) -> None:
    page = owner.get("/console/rewards/loss/card?look=en").text
    assert "From Gold on" in page
    assert page.count('class="reward ') == 3


def test_another_language_or_reward_is_nothing_to_stumble_over(owner: Browser) -> None:
    assert owner.get("/console/rewards/cup/card?look=xx").status_code == 200
    assert owner.get("/console/rewards/none/card").status_code == 404
