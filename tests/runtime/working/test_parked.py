"""One member whose books are wrong stops nobody else's night; they are parked with the reason."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from tests.makers import Shop, brings_back, buys, by

from regulars import flows
from regulars.flows.batch.stuck import Stuck
from regulars.flows.commands import Adjust, Redeem
from regulars.flows.midnight import STEPS, lapse_holds
from regulars.runtime.checking.checks import Examination, the_night_ends
from regulars.runtime.installation.settings import Settings
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import utc_now
from regulars.runtime.working.night import Night, _own

PEOPLE = [f"m{number}" for number in range(7)]
SOURCE = """
regulars: 1
program: night
name: Night
currency: EUR
zone: Europe/Berlin
wallets:
  points: {expiry: {after: 10 days}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - {id: cup, name: A cup, price: {points: 5}, hold_for: 1 hour}
"""
# Less in the balance than in the lots: the database refuses what lapses, or the fold finds it out
# by an assertion, and neither goes further.
POISON = """
update balance set available = 1 where program_id = $1 and member_id =
       (select member_id from identifier where program_id = $1 and value = 'm3')
"""
HEALED = POISON.replace("available = 1", "available = 60")
# As if it: no debt of this member can be written off, whatever is tried.
UNFORGIVEN = (
    """create function unforgiven() returns trigger language plpgsql as $f$ begin
           if new.kind = 'write_off' and new.program_id = $1 and new.member_id =
              (select member_id from identifier where program_id = $1 and value = 'm3')
           then raise exception 'as if' using errcode = 'check_violation'; end if;
           return new; end $f$""",
    "create trigger unforgiven before insert on entry for each row execute function unforgiven()",
)
ABOUT_NOBODY = {
    "list_idle": "it walks through all members and only lists them; `look_at_idle` decides",
    "close_boards": "a period is closed as a whole; what winners get is `settle_prizes`",
}
LOCKED = """
select from standing where program_id = 1 and member_id in
       (select member_id from identifier where program_id = 1 and value = any($1)) for update
"""
PARKED = "select step, times, settled_at is null from parked_member where program_id = $1"


@pytest.fixture
def shop(make_database: Callable[[], Any]) -> Iterator[Shop]:
    opened = Shop.open(make_database(), SOURCE)
    for ref in opened.joined(*PEOPLE):
        opened.record(buys(ref, 6_000))
    yield opened
    opened.close()


def left(shop: Shop) -> list[str]:
    """Who still has points that should have lapsed."""
    sql = """select value from lot join identifier i using (program_id, member_id)
              where program_id = $1 and remaining > 0 and i.kind = 'external' order by 1"""
    return [row[0] for row in shop.rows(sql)]


def a_night(shop: Shop) -> None:
    night = Night(shop.database, Programs(shop.database))
    shop.run(asyncio.wait_for(night.midnight(shop.program_id, shop.now), 60))


def test_every_step_of_the_night_is_counted_and_can_leave_somebody_out(shop: Shop) -> None:
    night = Night(shop.database, Programs(shop.database))
    (found,) = shop.rows("select member_id from member where program_id = $1 limit 1")
    for step in (*STEPS, *sorted(named_by_about() - set(STEPS))):
        shop.run(night._park(shop.program_id, stuck(step, found[0])))
    for step in STEPS:
        shop.run(asyncio.wait_for(night._do(shop.program_id, step, shop.now.date()), 60))
    counted = "select step from midnight_step where program_id = $1 and done_at is not null"
    assert {row[0] for row in shop.rows(counted)} == set(STEPS)
    parked = {row[0] for row in shop.rows(PARKED)}
    assert parked == set(STEPS) | named_by_about()


def stuck(step: str, member_id: UUID) -> Stuck:
    found = Stuck(step, frozenset({member_id}))
    found.__cause__ = AssertionError("as if")
    return found


def named_by_about() -> set[str]:
    """Every step a flow says it is stuck in, whether of the night or of a duty beside it."""
    sources = [file.read_text() for file in Path(flows.__file__).parent.rglob("*.py")]
    with_about = [text for text in sources if "with about(" in text]
    names = [re.findall(r'\b(?:step|STEP)\b[^=\n]* = (?:.*, )?"(\w+)"', t) for t in with_about]
    assert all(names), "a step is named in a way that is not found here"
    return {name for one in names for name in one}


def test_a_step_that_can_leave_nobody_out_decides_about_nobody() -> None:
    assert set(STEPS) - named_by_about() == ABOUT_NOBODY.keys()


def test_a_debt_that_cannot_be_forgiven_keeps_nobody_else_in_debt(shop: Shop) -> None:
    source = SOURCE.replace(
        "{expiry: {after: 10 days}}", "{negative: debt, write_off_after: 9 days}"
    )
    shop.begin(source.replace("program: night", "program: owes"))
    for name in ("m3", "m4"):
        (who,) = shop.joined(name)
        shop.record(buys(who, 1_000, receipt=name))
        shop.adjust(Adjust(who, "points", -10, "spent", "Olga"))
        shop.record(brings_back(name, receipt=f"{name} back"))
    owner = shop.run(shop.owning())
    for statement in UNFORGIVEN:
        shop.run(owner.execute(statement.replace("$1", str(shop.program_id))))
    shop.now += timedelta(days=20)
    a_night(shop)
    assert [shop.balances(name).get("points") for name in ("m3", "m4")] == [(0, 0, 10), None]
    assert shop.rows(PARKED) == [("write_off_debts", 1, True)]


def test_the_night_goes_on_without_the_one_who_stops_it(shop: Shop) -> None:
    shop.rows(POISON)
    shop.now += timedelta(days=20)
    a_night(shop)
    assert left(shop) == ["m3"]
    assert shop.rows(PARKED) == [("expire_lots", 1, True)]
    done = "select step from midnight_step where program_id = $1 and done_at is not null order by 1"
    assert {row[0] for row in shop.rows(done)} == set(STEPS)


def test_who_is_parked_is_tried_again_each_night_and_settled_when_it_goes(shop: Shop) -> None:
    shop.rows(POISON)
    for days in (20, 1):
        shop.now += timedelta(days=days)
        a_night(shop)
    assert shop.rows(PARKED) == [("expire_lots", 2, True)]
    shop.rows(HEALED)
    shop.now += timedelta(days=1)
    a_night(shop)
    assert left(shop) == []
    assert shop.rows(PARKED) == [("expire_lots", 2, False)]


def test_the_five_second_duty_goes_on_as_well(shop: Shop) -> None:
    for name in ("m3", "m5"):
        shop.redeem(Redeem(by(external=name), "cup"))
    shop.rows(POISON.replace("available = 1", "held = 0"))
    shop.now += timedelta(hours=2)
    night = Night(shop.database, Programs(shop.database))
    for _ in range(2):
        shop.run(asyncio.wait_for(night.until_done(shop.program_id, lapse_holds), 60))
    states = "select state from hold where program_id = $1 order by state"
    assert shop.rows(states) == [("lapsed",), ("open",)]
    assert shop.rows(PARKED) == [("lapse_holds", 1, True)]


def test_the_doctor_shows_who_is_parked(shop: Shop) -> None:
    async def shown() -> list[str]:
        owner = await asyncpg.connect(shop.made.owner_dsn)
        try:
            return await the_night_ends(
                Examination(Settings(home=Path("unused")), owner, owner, utc_now)
            )
        finally:
            await owner.close()

    assert shop.run(shown()) == []
    shop.rows(POISON)
    shop.now += timedelta(days=20)
    a_night(shop)
    (remark,) = shop.run(shown())
    assert remark.startswith("night: expire_lots leaves out mem_")
    assert "CheckViolationError" in remark


@pytest.mark.parametrize(
    ("trouble", "own"),
    [
        (AssertionError("lots"), True),
        (asyncpg.CheckViolationError("below zero"), True),
        (asyncpg.NumericValueOutOfRangeError("too large"), True),
        (asyncpg.UniqueViolationError("somebody else"), False),
        (asyncpg.DiskFullError("full"), False),
        (asyncpg.LockNotAvailableError("held"), False),
        (asyncpg.ConnectionDoesNotExistError("gone"), False),
        (TimeoutError(), False),
    ],
)
def test_only_a_member_s_own_trouble_parks_them(trouble: Exception, own: bool) -> None:
    assert _own(trouble) is own


@pytest.mark.in_turns(2)
@pytest.mark.parametrize("locked", [len(PEOPLE), 1])
def test_trouble_of_the_database_parks_nobody(shop: Shop, locked: int) -> None:
    """With one member held, one lane of the night ends and the other fails: still not done."""

    async def half_an_hour_locked() -> None:
        owner = await asyncpg.connect(shop.made.owner_dsn)
        held = owner.transaction()
        await held.start()
        await owner.execute(LOCKED, PEOPLE[:locked])
        night = Night(shop.database, Programs(shop.database))
        try:
            await asyncio.wait_for(night.midnight(shop.program_id, shop.now), 60)
        finally:
            await held.rollback()
            await owner.close()

    shop.now += timedelta(days=20)
    shop.run(half_an_hour_locked())
    assert shop.rows(PARKED) == []
    assert set(left(shop)) >= set(PEOPLE[:locked])
    a_night(shop)
    assert left(shop) == []
