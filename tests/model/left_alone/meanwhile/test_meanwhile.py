"""What was bought and came back leaves nothing, whatever became of its points in between."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.model.events import (  # fmt: skip
    Basket,
    Ends,
    Event,
    Gives,
    Happens,
    Joins,
    Night,
    Reserves,
    Returns,
    Revives,
    Sold,
)
from tests.model.in_memory import InMemory
from tests.model.left_alone.meanwhile.rules import Meanwhile, MeanwhileOnce
from tests.model.on_postgresql import OnPostgreSQL
from tests.model.playing import play
from tests.turns import NIGHTLY

from regulars.records.program.templates import load_template

HEAD: Final = """
regulars: 1
program: meanwhile
name: Meanwhile
currency: EUR
zone: Europe/Berlin
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 100}, hold_for: 1 day,
     gives: {kind: discount, off: "10.00"}}
"""
NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
Row = tuple[float, Event]
"""How many days after the first, and what happens."""


def shop_of(wallet: str, *more: str) -> InMemory:
    opened = InMemory("\n".join((HEAD, f"wallets: {{points: {{{wallet}}}}}", *more)), NOON)
    opened.do(NOON, Joins("ada"))
    return opened


def bought(name: str, cents: int) -> Happens:
    return Happens("purchase", "ada", name, amount=cents)


def given_back(name: str) -> Returns:
    return Returns(name, (), f"b-{name}")


def standing(shop: InMemory, *rows: Row) -> tuple[int, int, int, int]:
    """Available, held, owed and earned after all that."""
    for days, event in rows:
        answer = shop.do(NOON + timedelta(days=days), event)
        assert answer.what not in ("invalid", "points_already_spent"), (event, answer)
    (one,) = shop.state("ada").balances.values()
    return one.available, one.held, one.debt, one.earned


@pytest.mark.parametrize("whose", ["everyone", "member"])
def test_a_return_frees_what_its_sale_drew_and_no_more(whose: str) -> None:
    """9.99 gave 9 on one day and 10 on the next: the return of the first takes 10 (semantics D3)
    and gives the budget of its day 9 again."""
    budget = f"budgets: [{{id: d, wallet: points, per: day, points: 100, of: {whose}}}]"
    for order in (("a", "b"), ("b", "a")):
        shop = shop_of("rounding: {carry: true}, negative: debt", budget)
        rows: list[Row] = [(0, bought("a", 999)), (1, bought("b", 999)), (2, given_back(order[0]))]
        left = standing(shop, *rows)
        assert left == (9, 0, 0, 9)
        assert drawn(shop) == ([10] if order[0] == "a" else [9])
        assert standing(shop, (3, given_back(order[1]))) == (0, 0, 0, 0)
        assert drawn(shop) == []
    # A budget that an older reckoning left a point below frees what it has, and no more.
    shop = shop_of("rounding: {carry: true}, negative: debt", budget.replace("day", "month"))
    standing(shop, (0, bought("a", 999)), (1, bought("b", 999)), (2, given_back("a")))
    for kept in (shop.budgets, shop.state("ada").counters):
        kept |= {key: n - 1 for key, n in kept.items() if key[0] in budgets_of(shop)}
    assert (standing(shop, (3, given_back("b"))), drawn(shop)) == ((0, 0, 0, 0), [])
    shop = shop_of("rounding: {carry: true}, negative: debt", budget)
    some = Returns("a", ((0, 140),), "b-some")
    assert standing(shop, (0, bought("a", 150)), (1, bought("b", 60)), (2, some))[0] == 0
    assert drawn(shop) == [1]  # of the second day
    standing(shop, (3, given_back("a")), (3, given_back("b")))
    assert drawn(shop) == []


def drawn(shop: InMemory) -> list[int]:
    kept = [*shop.budgets.items(), *shop.state("ada").counters.items()]
    return [n for (code, _), n in kept if code in budgets_of(shop) and n]


def budgets_of(shop: InMemory) -> set[int]:
    return {code for (_, name), code in shop.codes.items() if "budget:" in name}


def test_credit_is_what_is_in_the_status_wallet() -> None:
    """The point that a return breaks counts no more for the tier either, in whatever order."""
    ladder = """
tiers:
  measure: status
  wallet: points
  window: rolling
  rolling_days: 30
  returned_credit: revoke_now
  steps: [{id: silver, at: 10}]
"""
    for order in (("a", "b"), ("b", "a")):
        shop = shop_of("kind: status, rounding: {carry: true}", ladder)
        standing(shop, (0, bought("a", 999)), (1, bought("b", 999)))
        assert shop.state("ada").tier == "silver"
        assert standing(shop, (2, given_back(order[0])))[0] == 9
        assert shop.state("ada").tier is None
        assert credit(shop) == 9
        standing(shop, (2, given_back(order[1])))
        assert credit(shop) == 0


def credit(shop: InMemory) -> int:
    (code,) = [code for (_, name), code in shop.codes.items() if name.startswith("credit:")]
    return sum(n for (one, _), n in shop.state("ada").counters.items() if one == code)


@pytest.mark.parametrize(
    ("ends", "left"),
    [
        ("voided", (0, 0, 0, 0)),
        ("lapsed", (0, 0, 0, 0)),
        ("captured", (0, 0, 0, 100)),
        ("part", (0, 0, 0, 1)),
    ],
)
def test_what_is_reserved_when_it_comes_back_is_taken_once_it_is_free(
    ends: str, left: tuple[int, int, int, int]
) -> None:
    shop = shop_of("negative: never")
    held: list[Row] = [(0, bought("a", 10_000)), (0, Reserves("ada", "cup", "r"))]
    assert standing(shop, *held, (0, given_back("a"))) == (0, 100, 0, 100)
    end: Row = (2, Night()) if ends == "lapsed" else (0.5, Ends("r", ends))
    if ends == "part":
        end = (0.5, Ends("r", "captured", part=(("points", 1),)))
    assert standing(shop, end) == left
    assert standing(shop, (3, bought("b", 500)))[0] == 5  # nothing is owed


def test_what_lapsed_and_lives_again_is_taken_and_what_lapsed_since_is_not() -> None:
    lives = "expiry: {after: 10 days}, negative: debt"
    revived: list[Row] = [
        (0, bought("a", 10_000)),
        (20, Night()),
        (20, Revives("ada", "points", 0)),
    ]
    assert standing(shop_of(lives), *revived, (21, given_back("a"))) == (0, 0, 0, 0)
    # Of courtesy they lived once more, and lapsed once more: that is not taken twice.
    assert standing(shop_of(lives), *revived, (40, given_back("a"))) == (0, 0, 0, 100)
    paid = Basket(lines=(Sold(1_000),), in_points=1_000, paid="r")
    back: list[Row] = [
        (0, bought("a", 10_000)),
        (1, Reserves("ada", "cup", "r", capture=True)),
        (1, Happens("purchase", "ada", "b", basket=paid)),
        (20, given_back("b")),
    ]
    shop = shop_of(f"{lives}, comes_back: {{days: 5}}")
    assert standing(shop, *back) == (100, 0, 0, 100)
    assert standing(shop, (20, given_back("a"))) == (0, 0, 0, 0)


def test_what_a_milestone_gave_and_lives_again_is_taken_with_it() -> None:
    stone = """
milestones:
  - {id: much, name: Much, measure: spend, per: year, wallet: points,
     steps: [{at: "100.00", points: 50}]}
"""
    shop = shop_of("expiry: {after: 10 days}, negative: debt", stone)
    revived: list[Row] = [(0, bought("a", 10_000)), (20, Night())]
    assert standing(shop, *revived)[0] == 0
    lapsed = [*shop.unions.gone.values()]
    assert sorted(lot.amount for lot in lapsed) == [50, 100]
    shop.unions.gone = {lot.lot_id: lot for lot in lapsed if lot.amount == 50}
    assert standing(shop, (20, Revives("ada", "points", 0)))[0] == 50
    assert standing(shop, (21, given_back("a"))) == (0, 0, 0, 100)


def test_points_that_are_given_to_and_fro_live_no_longer() -> None:
    """Ada was told in time; whoever gets them is shown a notice, an hour before their end."""
    shop = shop_of("expiry: {after: 30 days}, notice: {days: 10}, transfers: {}")
    shop.do(NOON, Joins("ben"))
    standing(shop, (0, bought("a", 10_000)))
    for who in ("ada", "ben"):
        shop.state(who).warned = shop.terms.at(NOON).warned
    (lot,) = shop.state("ada").lots.values()
    shop.state("ada").notices[lot.lot_id] = NOON + timedelta(days=15)
    late = lot.expires_at - timedelta(hours=1)
    for giver, taker in (("ada", "ben"), ("ben", "ada"), ("ada", "ben")):
        assert shop.do(late, Gives(giver, taker, "points", 100)).what == "given"
        (passed,) = shop.state(taker).lots.values()
        shop.state(taker).notices[passed.lot_id] = late
    shop.do(lot.expires_at, Night())
    assert shop.state("ben").balances[1].available == 0


def test_engine_and_reference_agree_on_what_becomes_of_points_meanwhile() -> None:
    tally = play(Meanwhile, InMemory, steps=20_000 if NIGHTLY else 300, start=1, shops=8)
    assert tally.answers["recorded"] > 100


@pytest.fixture
def shop(database: Any) -> Iterator[Shop]:
    shop = Shop.open(database, load_template("coffee-shop"))
    yield shop
    shop.close()


def test_so_do_the_flows_and_the_books_are_right(shop: Shop) -> None:
    def opens(source: str, now: datetime) -> Any:
        return OnPostgreSQL(shop, source, now)

    shops = 12 if NIGHTLY else 1
    for name in ("coffee-shop", "budgets", "status"):
        few = type("MeanwhileOnce", (MeanwhileOnce,), {"names": (name,)})
        play(few, opens, steps=1, start=2, shops=shops)
    asyncio.run(assert_books_right(shop.made.owner_dsn))
