"""The night: run twice, four at once, killed half way and resumed, it ends as one clean run."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.makers import SECOND, Shop, buys, line

from regulars.base.tx import Tx, Write
from regulars.flows.batch.stuck import Stuck
from regulars.flows.commands import Redeem
from regulars.flows.midnight import STEPS

Open = Callable[[str], Shop]
NIGHT = """
regulars: 1
program: night
name: Night
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 10 days, round_up_to: day}}
  stamps: {kind: stamps, expiry: {after: 10 days, round_up_to: none}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: cup, on: purchase, wallet: stamps, award: {give: per_item, points: 1}}
tiers:
  window: rolling
  rolling_days: 10
  valid: window_end
  steps: [{id: friend, at: "50.00"}]
rewards:
  - {id: cup, name: A cup, price: {points: 30}, hold_for: 1 hour, stock: 50}
  - {id: both, name: Both, price: {points: 20, stamps: 1}, hold_for: 40 days}
"""
PEOPLE = [f"m{number}" for number in range(6)]
NOT_HERE = {
    "foretell_tiers": 0,
    "foretell_ladders": 0,
    "write_off_debts": 0,
    "post_notices": 0,
    "list_idle": 0,
    "look_at_idle": 0,
    "move_over": 0,
    "rate_again": 0,
    "settle_referrals": 0,
    "close_boards": 0,
    "settle_prizes": 0,
    "follow_associates": 0,
    "take_automatic": 0,
    "renew_plans": 0,
}


def before_the_night(open_shop: Open) -> Shop:
    """Six members with points that end, tiers whose time is over and holds left behind."""
    shop = open_shop(NIGHT)
    refs = shop.joined(*PEOPLE)
    for number, ada in enumerate(refs):
        shop.record(buys(ada, line(6_000 + 100 * number, quantity=2), receipt=f"a{number}"))
        shop.redeem(Redeem(ada, "cup" if number % 3 else "both"))
        shop.now += timedelta(minutes=1)
        shop.record(buys(ada, 500 * (number % 2), receipt=f"b{number}"))
    shop.at("2026-03-13 00:00")
    return shop


def ledger(shop: Shop) -> list[Any]:
    """Everything the night may change, without the ids that are made anew each time."""
    who = "(select value from identifier i where i.member_id = x.member_id and i.kind = 'external')"
    asked = [
        f"select {who}, kind, occurred_at, actor from entry x",
        f"select {who}, wallet, account, amount from posting x",
        f"select {who}, wallet, available, held, debt, earned from balance x",
        f"select {who}, wallet, amount, remaining, pinned, expires_at from lot x",
        f"select {who}, tier, tier_until, version from standing x",
        f"select {who}, from_tier, to_tier, reason, until_at, occurred_at from tier_move x",
        f"select {who}, amount, captured, state, lapses_at, closed_at from hold x",
        f"select {who}, type, sequence from outbox x",
        "select reward, remaining from reward_stock x",
    ]
    return [sorted(map(repr, shop.rows(f"{sql} where x.program_id = $1"))) for sql in asked]


@pytest.fixture
def clean(open_shop: Open) -> list[Any]:
    """What one clean run leaves."""
    shop = before_the_night(open_shop)
    done = shop.night()
    nothing_waits = {"activate_pending": 0} | NOT_HERE
    assert done == {"lapse_holds": 4, "review_tiers": 6, "expire_lots": 2} | nothing_waits
    return ledger(shop)


def test_a_second_run_has_nothing_to_do(open_shop: Open, clean: list[Any]) -> None:
    shop = before_the_night(open_shop)
    shop.night(most=2)
    counts = shop.counts()
    assert set(shop.night().values()) == {0}
    assert shop.counts() == counts
    assert ledger(shop) == clean


def test_four_at_once_do_what_one_does(open_shop: Open, clean: list[Any]) -> None:
    shop = before_the_night(open_shop)

    def one(name: str) -> Callable[..., Any]:
        async def run(tx: Tx, terms: Any) -> int:
            return await STEPS[name](tx, terms, 2)

        return run

    for name in STEPS:
        for _ in range(9):
            done = shop.together(*(one(name) for _ in range(4)))
            assert all(isinstance(count, int) for count in done), done
        assert shop.night(name) == {name: 0}
    assert ledger(shop) == clean


class Killed(Exception):
    """The process died."""


class Dying:
    """A transaction whose process dies at its n-th statement."""

    def __init__(self, tx: Any, statements: int) -> None:
        self._tx, self._left = tx, statements

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    async def fetch(self, sql: str, *args: Any) -> Any:
        self._next()
        return await self._tx.fetch(sql, *args)

    async def write(self, writes: Sequence[Write]) -> None:
        self._next()
        await self._tx.write(writes)

    def _next(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Killed


@pytest.mark.in_turns(3)
@pytest.mark.parametrize("statements", range(12))
def test_killed_at_any_statement_and_resumed_it_ends_the_same(
    open_shop: Open, clean: list[Any], statements: int
) -> None:
    shop = before_the_night(open_shop)
    survived = 0
    for name, step in STEPS.items():
        shop.do(lambda tx, terms, step=step: step(tx, terms, 2))
        before = shop.counts()
        try:
            shop.do(lambda tx, terms, step=step: step(Dying(tx, statements), terms, 2))
            survived += 1
        except (Killed, Stuck):
            assert shop.counts() == before
        shop.night(name, most=2)
    assert ledger(shop) == clean
    if statements == 0:
        # No notices, clubs, debts forgiven, plans, friends, games, boards, nothing taken by itself:
        # nothing asked.
        assert survived == 9
    if statements == 11:
        assert survived == len(STEPS)


def test_dying_after_the_last_statement_before_the_commit_leaves_nothing(open_shop: Open) -> None:
    shop = before_the_night(open_shop)
    before = ledger(shop)

    async def dies(tx: Tx, terms: Any) -> None:
        await STEPS["expire_lots"](tx, terms, 2)
        raise Killed

    with pytest.raises(Killed):
        shop.do(dies)
    assert ledger(shop) == before


def test_points_end_at_their_own_instant_whenever_the_night_ran(open_shop: Open) -> None:
    shop = before_the_night(open_shop)
    shop.now += timedelta(days=3)
    shop.night()
    ends = """select distinct e.occurred_at = l.expires_at from entry e
        join lot l on l.program_id = e.program_id and l.lot_id = e.cause_id
        where e.program_id = $1 and e.kind = 'expire'"""
    assert shop.rows(ends) == [(True,)]


def test_not_one_second_too_early(open_shop: Open) -> None:
    shop = before_the_night(open_shop)
    gone = datetime(2026, 3, 12, 23, 0, tzinfo=UTC)
    assert shop.now == gone
    shop.now = gone - SECOND
    assert shop.night("expire_lots") == {"expire_lots": 6}  # the stamps, which end by the hour
    assert {row[0] for row in shop.lots("m1")} == {"points"}
    shop.now = gone
    assert shop.night("expire_lots") == {"expire_lots": 6}
    assert [left - held for _, left, held, _ in shop.lots("m1")] == [0]  # reserved for the cup


def test_a_clock_set_back_brings_nothing_back_and_ends_nothing_twice(
    open_shop: Open, clean: list[Any]
) -> None:
    shop = before_the_night(open_shop)
    shop.night()
    for back in (timedelta(hours=1), timedelta(days=2), timedelta(days=400)):
        shop.now -= back
        counts = shop.counts()
        shop.night()
        assert shop.counts() == counts
    shop.now += timedelta(days=410)
    shop.night("review_tiers", "expire_lots")
    assert ledger(shop) == clean


def test_holds_that_were_honoured_end_and_then_their_points_do(open_shop: Open) -> None:
    shop = before_the_night(open_shop)
    shop.night()
    assert shop.balances("m0") == {"points": (0, 20, 0), "stamps": (0, 1, 0)}
    shop.at("2026-04-20 12:00")
    done = shop.night()
    nothing_waits = {"activate_pending": 0} | NOT_HERE
    assert done == {"lapse_holds": 2, "review_tiers": 0, "expire_lots": 0} | nothing_waits
    assert shop.balances("m0") == {}
    asyncio.run(assert_books_right(shop.made.owner_dsn))
