"""What the clock alone ends is booked at once, and as if the engine had decided each of it."""

import asyncio
import random
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import merge
from tests.makers import Shop, buys, by, line

from regulars.base.faults import StaleTerms
from regulars.base.tx import Tx
from regulars.flows import midnight
from regulars.flows.batch.lapsing import lapse_by_clock
from regulars.flows.commands import RecordActivity, Redeem
from regulars.flows.midnight import expire_lots
from regulars.records.ledger.ends import read as ends
from regulars.records.ledger.ends import write as ends_write
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.night import Night

Open = Callable[[str], Shop]
SOURCE = """
regulars: 1
program: ends
name: Ends
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 10 days, round_up_to: day}}
  stamps: {kind: stamps, expiry: {after: 7 days, round_up_to: none}}
  miles: {pending: {until: duration, after: 4 days}, expiry: {after: 3 days}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: cup, on: purchase, wallet: stamps, award: {give: per_item, points: 1}}
  - {id: mile, on: visit, wallet: miles, award: {give: fixed, points: 5}}
rewards:
  - {id: cup, name: A cup, price: {points: 7}, hold_for: 30 days}
  - {id: both, name: Both, price: {points: 5, stamps: 1}, hold_for: 30 days}
"""
PEOPLE = [f"m{number}" for number in range(9)]


def lived(shop: Shop, seed: int) -> Shop:
    """Two weeks of purchases, visits, reserved rewards and two members who turn out to be one;
    then most of it has ended."""
    chance = random.Random(seed)
    refs = shop.joined(*PEOPLE)
    for number in range(36):
        who = chance.choice(refs)
        if chance.random() < 0.2:
            visit = RecordActivity("visit", who, source="till", external_id=f"v{number}")
            shop.record(visit)
        elif chance.random() < 0.3:
            shop.redeem(Redeem(who, chance.choice(["cup", "both"]), capture=chance.random() < 0.4))
        else:
            what = line(chance.randrange(100, 9_000), quantity=chance.randrange(1, 4))
            shop.record(buys(who, what, receipt=f"b{number}"))
        shop.now += timedelta(hours=chance.randrange(1, 14))
        if number == 20:
            merge(shop, by(external="m0"), by(external="m1"))
    shop.now += timedelta(days=chance.randrange(4, 9))
    return shop


def books(shop: Shop) -> list[list[str]]:
    """All that lapsing may change, without the ids that are made anew each time."""
    named = "identifier i where i.member_id = x.member_id and i.kind = 'external'"
    who = f"(select min(value) from {named})"
    lot = "join lot l using (program_id, member_id, lot_id)"
    event = (
        "case type when 'points.expired' then (payload - 'lot_id')::text end, (select earned_at "
        "from lot where program_id = $1 and lot_id = (payload ->> 'lot_id')::uuid)"
    )
    asked = [
        f"select {who}, x.kind, x.occurred_at, x.recorded_at, x.actor, x.reason, l.earned_at, "
        "l.amount, l.wallet from entry x left join lot l on l.program_id = x.program_id "
        "and l.lot_id = x.cause_id",
        f"select {who}, line, wallet, account, amount from posting x",
        f"select {who}, l.earned_at, x.wallet, delta from lot_move x {lot}",
        f"select {who}, wallet, available, pending, held, debt, earned from balance x",
        f"select {who}, wallet, amount, remaining, pinned, expires_at, state from lot x",
        f"select {who}, tier, version from standing x",
        f"select {who}, type, sequence, {event}, recorded_at from outbox x",
    ]
    return [sorted(map(repr, shop.rows(f"{sql} where x.program_id = $1"))) for sql in asked]


@pytest.fixture
def by_the_engine(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on the engine decides about every lot."""

    async def nobody(tx: Tx, terms: Any, members: Collection[UUID]) -> set[UUID]:
        return set()

    return lambda: monkeypatch.setattr(midnight, "lapse_by_clock", nobody)


def expired(shop: Shop) -> int:
    sql = "select count(*) from entry where program_id = $1 and kind = 'expire'"
    return int(shop.rows(sql)[0][0])


@pytest.mark.parametrize("seed", range(2))
def test_the_books_are_those_of_one_by_one(
    open_shop: Open, by_the_engine: Callable[[], None], seed: int
) -> None:
    shop = lived(open_shop(SOURCE), seed)
    shop.night("expire_lots", most=4)
    at_once, lapsed = books(shop), expired(shop)
    shop.run(assert_books_right(shop.made.owner_dsn))
    by_the_engine()
    shop = lived(open_shop(SOURCE), seed)
    shop.night("expire_lots", most=4)
    assert lapsed > 10
    assert books(shop) == at_once


def test_who_was_merged_or_has_points_that_turn_is_left_to_the_engine(open_shop: Open) -> None:
    shop = lived(open_shop(SOURCE), 1)
    asked: list[UUID] = []

    async def look(tx: Tx, terms: Any) -> int:
        members = await ends.members_with_due_lots(tx, 100)
        done = await lapse_by_clock(tx, terms, members)
        asked.extend(members - done)
        return len(done)

    assert shop.do(look) > 0
    merged = shop.rows("select into_id, from_id from member_merge where program_id = $1")
    waiting = shop.rows(
        "select distinct member_id from lot where program_id = $1 and state = 'pending'"
    )
    assert asked
    assert set(asked) <= {one for row in merged + waiting for one in row}


@pytest.mark.parametrize(
    "promise",
    ["notice: {days: 2}", "notice: {days: 2}, inactivity: {after: 30 days}"],
)
def test_a_program_that_promises_more_is_left_to_the_engine(open_shop: Open, promise: str) -> None:
    shop = open_shop(SOURCE.replace("round_up_to: day}}", f"round_up_to: day}}, {promise}}}"))
    (ada,) = shop.joined("ada")
    shop.record(buys(ada, 4_000))
    shop.now += timedelta(days=30)

    async def look(tx: Tx, terms: Any) -> set[UUID]:
        return await lapse_by_clock(tx, terms, await ends.members_with_due_lots(tx, 100))

    before = shop.counts()
    assert shop.do(look) == set()
    assert shop.counts() == before


def test_terms_that_another_process_changed_are_not_passed_by(open_shop: Open) -> None:
    shop = lived(open_shop(SOURCE), 2)
    old = shop.terms
    shop.publish(SOURCE.replace("program: ends", f"program: {old.slug}") + "locale: de\n")

    async def look(tx: Tx, _: Any) -> set[UUID]:
        return await lapse_by_clock(tx, old, await ends.members_with_due_lots(tx, 100))

    with pytest.raises(StaleTerms):
        shop.do(look)


def test_parts_are_everybody_and_nobody_twice(open_shop: Open) -> None:
    shop = lived(open_shop(SOURCE), 3)

    async def parts(tx: Tx, _: Any) -> list[set[UUID]]:
        cuts = [ends.WHOLE, ends.Part(0, 2), ends.Part(1, 2)]
        return [await ends.members_with_due_lots(tx, 100, (), part) for part in cuts]

    whole, first, second = shop.do(parts)
    assert first | second == whole
    assert first & second == set()


def test_two_lanes_leave_what_one_leaves(open_shop: Open) -> None:
    shop = lived(open_shop(SOURCE), 3)
    shop.night("expire_lots")
    clean = books(shop)
    shop = lived(open_shop(SOURCE), 3)
    night = Night(shop.database, Programs(shop.database))
    shop.run(asyncio.wait_for(night.until_done(shop.program_id, expire_lots), 60))
    assert books(shop) == clean


@pytest.mark.parametrize(
    ("module", "statement", "healthy", "broken"),
    [
        (ends, "_PLAIN", "l.remaining - l.pinned as points", "l.remaining as points"),
        (ends, "_PLAIN", "l.expires_at <= $3\n   and l.rem", "l.expires_at < $3\n   and l.rem"),
        (ends, "_PLAIN", "w.state = 'pending'", "w.state = 'gone'"),
        (ends_write, "_LAPSE", "'expire', lot_id, null, ended_at", "'expire', lot_id, null, $8"),
        (ends_write, "_LAPSE", "(0, $9::int, -1), (1,", "(1, $9::int, -1), (0,"),
        (ends_write, "_LAPSE", "group by member_id, wallet", "group by member_id, wallet, lot_id"),
    ],
)  # fmt: skip
def test_control_a_slip_in_the_statements_shows(
    open_shop: Open, monkeypatch: pytest.MonkeyPatch, module: Any, statement: str, healthy: str,
    broken: str,
) -> None:  # fmt: skip
    sql = getattr(module, statement)
    assert sql.count(healthy) == 1
    seen = []
    for text in (sql, sql.replace(healthy, broken)):
        monkeypatch.setattr(module, statement, text)
        shop = lived(open_shop(SOURCE), 1)
        # One lot ends at this very instant.
        ((shop.now,),) = shop.rows(
            "select max(expires_at) from lot where program_id = $1 and remaining > pinned"
        )
        try:
            shop.night("expire_lots")
            seen.append(books(shop))
        except Exception as trouble:
            seen.append([[repr(trouble.__cause__)]])
    assert len(seen[0]) > 1
    assert seen[0] != seen[1]
