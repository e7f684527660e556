"""Milestones and boards: the engine in any order of arrival against the plain and slow way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

import pytest
from tests.model.events import Event, Happens, Joins, Publishes, Returns
from tests.model.in_memory import InMemory
from tests.model.makings import BASKETS

from regulars.engine.facts import FactLine, Facts
from regulars.engine.reference.milestones import milestone_points, scores
from regulars.engine.returning.sale import facts_left
from regulars.records.program.reading import read_program

NOON = datetime(2026, 1, 5, 11, tzinfo=UTC)
SHOP = """
regulars: 1
program: ways
name: Ways
currency: EUR
zone: Pacific/Apia
wallets: {points: {negative: debt}, vouchers: {scale: 1, negative: debt}}
qualifying: {standard: {}, goods: {except_categories: [gift-card]}}
milestones:
  - {id: visits, name: Visits, wallet: points, counts: {on: visit},
     steps: [{at: 3, points: 50, again: true}, {at: 5, points: 7}]}
  - {id: year, name: The year, wallet: vouchers, measure: spend, per: year,
     counts: {qualifying: goods, amount: "3.00"},
     steps: [{at: "100.00", points: "1.5"}, {at: "250.00", points: 4}]}
  - {id: coffees, name: Coffees, wallet: points, measure: items, per: month,
     counts: {categories: [coffee], skus: [b1], stores: [mitte]},
     steps: [{at: 4, points: 10, again: true}]}
  - {id: weekly, name: Weekly, wallet: points, per: week, counts: {channels: [app]},
     steps: [{at: 2, points: 3}]}
leaderboards:
  - {id: most, name: Most, measure: spend, stores: [mitte, altona], counts: {qualifying: goods}}
  - {id: often, name: Often, counts: {on: visit}, per: month}
"""


def history(rng: Random) -> list[Event]:
    """Some months of purchases, visits and returns, none at the same instant."""
    told: list[Event] = []
    for number in range(rng.randrange(2, 16)):
        at = NOON + timedelta(hours=rng.randrange(24 * 120), seconds=2 * number)
        if rng.random() < 0.4:
            told.append(Happens("visit", "ada", f"v{number}", at=at))
            continue
        store, channel = rng.choice(("mitte", "altona")), rng.choice(("app", "till"))
        basket = rng.choice(BASKETS)
        bought = Happens("purchase", "ada", f"r{number}", at=at, basket=basket)
        told.append(bought._replace(store=store, channel=channel))
        for part in range(rng.choice((0, 0, 1, 2))):
            piece = (rng.randrange(len(basket.lines)), 1)
            back = at + timedelta(hours=rng.randrange(1, 900), seconds=part + 1)
            told.append(Returns(f"r{number}", (piece,), f"b{number}-{part}", at=back))
        if rng.random() < 0.2:
            told.append(Returns(f"r{number}", (), f"c{number}", at=at + timedelta(days=40)))
    return told


def ends(told: list[Event]) -> tuple[dict[str, int], dict[str, Fraction], bool]:
    """What a member has in the end, what they are to have, and whether everything was taken in.

    What they have on boards is looked at here.
    """
    shop, whole = InMemory(SHOP, NOON), True
    shop.do(NOON, Joins("ada"))
    deeds: list[Facts] = []
    version = shop.terms.versions[0]
    for event in told:
        if shop.do(NOON + timedelta(days=200), event).what not in ("recorded", "waiting"):
            whole = False  # more came back than was there, in this order
        if isinstance(event, Happens) and event.kind == "visit":
            assert event.at is not None
            day = event.at.astimezone(version.zone).date().toordinal()
            deeds.append(Facts("visit", day, 0, 0))
    bought = [one for one in shop.sales.values() if one.activity.kind == "purchase"]
    deeds += [facts_left(version, one, one.steps.returned) for one in bought]
    state = shop.states["ada"]
    assert on_boards(shop) == by_the_plain_way(deeds)
    has = {
        name: state.balance(code).available - state.balance(code).debt
        for code, name in version.wallet_ids.items()
    }
    return has, milestone_points(read_program(SHOP), deeds), whole


def on_boards(shop: InMemory) -> dict[str, list[int]]:
    """What Ada has on each board, whatever the period is called."""
    names = {code: name for (kind, name), code in shop.codes.items() if kind == "counter"}
    found: dict[str, list[int]] = {}
    for (code, period), score in shop.states["ada"].counters.items():
        if score and names[code].startswith("board:"):
            assert period < 0, "the index of boards would not find it"
            found.setdefault(names[code].rsplit(":", 1)[1], []).append(score)
    return {store: sorted(each) for store, each in found.items()}


def by_the_plain_way(deeds: list[Facts]) -> dict[str, list[Fraction]]:
    program = read_program(SHOP)
    most, often = program.leaderboards
    found = {"": sorted(scores(program, often, deeds).values())}
    for store in most.stores:
        here = [one for one in deeds if one.store == store]
        found[store] = sorted(100 * n for n in scores(program, most, here).values())
    return {store: each for store, each in found.items() if each}


@pytest.mark.parametrize("seed", range(120))
def test_any_order_ends_as_the_plain_way_says(seed: int) -> None:
    rng = Random(seed)
    told = history(rng)
    first = None
    for order in (told, rng.sample(told, len(told))):
        has, due, whole = ends(order)
        assert has["points"] == due["visits"] + due["coffees"] + due["weekly"]
        assert has["vouchers"] == due["year"] * 10
        first = first or has
        assert not whole or has == first


def shop_of(milestone: str) -> InMemory:
    head = SHOP.split("milestones:", maxsplit=1)[0].replace("Pacific/Apia", "UTC")
    return InMemory(f"{head}milestones: [{milestone}]\n", NOON)


def visits(shop: InMemory, many: int, at: datetime, first: int = 0) -> None:
    for number in range(many):
        shop.do(at, Happens("visit", "ada", f"x{at}{first + number}", at=at))


def points(shop: InMemory) -> int:
    code = next(code for code, name in shop.terms.wallet_names.items() if name == "points")
    balance = shop.states["ada"].balance(code)
    return balance.available - balance.debt


THIRD = "{id: v, name: V, wallet: points, counts: {on: visit}, per: %s, steps: [%s]}"


def test_a_period_keeps_what_was_promised_when_it_began() -> None:
    shop = shop_of(THIRD % ("month", "{at: 3, points: 50, again: true}"))
    shop.do(NOON, Joins("ada"))
    visits(shop, 2, NOON)
    dearer = THIRD % ("month", "{at: 3, points: 80, again: true}")
    head = SHOP.split("milestones:", maxsplit=1)[0].replace("Pacific/Apia", "UTC")
    shop.do(NOON, Publishes(f"{head}milestones: [{dearer}]\n", NOON + timedelta(days=2)))
    visits(shop, 4, NOON + timedelta(days=3))
    assert points(shop) == 100, "January goes on as it was promised"
    visits(shop, 3, NOON + timedelta(days=30))
    assert points(shop) == 180, "February is promised anew"


def test_one_that_never_ends_keeps_its_first_promise() -> None:
    shop = shop_of(THIRD % ("ever", "{at: 3, points: 50, again: true}"))
    shop.do(NOON, Joins("ada"))
    head = SHOP.split("milestones:", maxsplit=1)[0].replace("Pacific/Apia", "UTC")
    less = THIRD % ("ever", "{at: 3, points: 1, again: true}")
    shop.do(NOON, Publishes(f"{head}milestones: [{less}]\n", NOON + timedelta(days=2)))
    visits(shop, 7, NOON + timedelta(days=3))
    assert points(shop) == 100


def test_several_steps_at_once_are_one_entry_that_says_why() -> None:
    shop = shop_of(
        "{id: s, name: A lot, wallet: points, measure: spend, steps: [{at: 1, points: 1},"
        " {at: 5, points: 10}, {at: 9, points: 100, again: true}]}"
    )
    shop.do(NOON, Joins("ada"))
    shop.do(NOON, Happens("purchase", "ada", "r1", at=NOON, amount=2000))
    (entry,) = shop.changes.entries
    assert (entry.kind, points(shop)) == ("milestone", 211)
    assert entry.reason.startswith("A lot: act_")
    assert [one.type for one in shop.changes.events] == ["milestone.reached"]
    shop.do(NOON, Returns("r1", ((0, 1200),), "b1", at=NOON))
    assert (points(shop), [one.kind for one in shop.changes.entries]) == (11, ["milestone"])
    shop.do(NOON, Returns("r1", (), "b2", at=NOON))
    assert points(shop) == 0


def test_what_had_lapsed_is_not_taken_twice() -> None:
    shop = InMemory(
        SHOP.split("qualifying:", maxsplit=1)[0].replace("Pacific/Apia", "UTC")
        .replace("points: {negative: debt}", "points: {negative: debt, expiry: {after: 10 days}}")
        + "milestones: [{id: d, name: D, wallet: points, steps: [{at: 2, points: 40}]}]\n", NOON,
    )  # fmt: skip
    shop.do(NOON, Joins("ada"))
    for receipt in ("r1", "r2"):
        shop.do(NOON, Happens("purchase", "ada", receipt, at=NOON, amount=500))
    assert points(shop) == 40
    shop.do(NOON + timedelta(days=20), Returns("r2", (), "b2"))
    assert points(shop) == 0, "it lapsed, and is not owed"
    shop.do(NOON + timedelta(days=21), Happens("purchase", "ada", "r3", amount=500))
    assert points(shop) == 40, "reached again, it is given again"
    shop.do(NOON + timedelta(days=22), Returns("r1", (), "b1"))
    assert points(shop) == 0


def test_a_program_without_milestones_keeps_nothing_for_them() -> None:
    shop = InMemory(SHOP.split("milestones:", maxsplit=1)[0], NOON)
    shop.do(NOON, Joins("ada"))
    shop.do(NOON, Happens("purchase", "ada", "r1", at=NOON, amount=2000))
    assert shop.sales["r1"].steps.milestones == ()
    assert not shop.states["ada"].counters


def test_one_step_says_what_comes_next() -> None:
    stone = shop_of(
        "{id: s, name: S, wallet: points, steps: [{at: 4, points: 1, again: true},"
        " {at: 6, points: 9}]}"
    ).terms.versions[0].stones[0]  # fmt: skip
    assert [stone.next_at(n) for n in (0, 3, 4, 5, 6, 8)] == [4, 4, 6, 6, 8, 12]
    line = FactLine("", "", 1, (500, 500))
    assert stone.counted(Facts("purchase", 1, 0, 0, lines=(line,), extras=(0, 0))) == 1


def test_a_piece_that_was_free_counts_for_nothing() -> None:
    shop = InMemory(SHOP.replace("measure: spend", "measure: items"), NOON)
    goods = next(one for one in shop.terms.versions[0].stones if one.promise.id == "most")
    said = {
        free: goods.counted(Facts("purchase", 1, 0, 0, store="mitte", lines=(line,), extras=(0, 0)))
        for free in (0, 1, 3)
        for line in (FactLine("b1", "coffee", 3, (300, 300), free),)
    }
    assert said == {0: 3, 1: 2, 3: 0}
