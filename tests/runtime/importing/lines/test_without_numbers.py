"""Lots without a number of their own are known by what they are; and what the books know of lots,
balances, debts and tiers is foreseen by the dry run."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from tests.makers import named
from tests.runtime.importing.moving_in import SILVER_GOLD, House
from tests.turns import NIGHTLY

from regulars.runtime.importing.lots import spent

MAPPING = """
mapping: old
title: An old till
source: old-till
files:
  people: {gives: {members: {member_id: who}}}
  points:
    gives:
      lots: {member_id: who, wallet: {constant: points}, remaining: points, earned_at: since}
  numbered:
    gives:
      lots: {member_id: who, wallet: {constant: points}, remaining: points, earned_at: since,
             lot_id: lot}
  sourced:
    gives:
      lots: {member_id: who, wallet: {constant: points}, remaining: points, earned_at: since,
             origin: origin}
  balances: {gives: {balances: {member_id: who, wallet: {constant: points}, balance: points}}}
  debts: {gives: {debts: {member_id: who, wallet: {constant: points}, owed: points}}}
  tiers: {gives: {tiers: {member_id: who, tier: tier, since: since, until: until}}}
  bare: {gives: {tiers: {member_id: who, tier: tier, until: until}}}
  sales:
    gives:
      activities: {member_id: who, kind: kind, external_id: receipt, occurred_at: at,
                   amount: amount}
"""
PEOPLE = ("who", "ada", "bob", "cyd", "dan")
HEAD = "who,points,since"
ADA, BOB, CYD, DAN = (
    f"{who},{units},2026-01-02T10:00:00Z"
    for who, units in (("ada", 10), ("bob", 20), ("cyd", 30), ("dan", 40))
)
THE_BOOKS = "the books tell the same one differently"
OWING = SILVER_GOLD.replace("wallets:\n  points:", "wallets:\n  points:\n    negative: debt", 1)


def opened(database: Any, folder: Path, slug: str) -> House:
    """Four members, and a wallet that may be owed."""
    house = House.open(database, folder, named(OWING, slug))
    assert told(house, "people", *PEOPLE).taken == 4
    return house


@pytest.fixture
def shop(database: Any, tmp_path: Path, request: Any) -> House:
    return opened(database, tmp_path, request.node.name.replace("_", "-")[-40:].strip("-"))


def told(house: House, name: str, *lines: str, **more: Any) -> Any:
    path = house.write(f"{name}.csv", *lines)
    return house.bring(f"{name}={path}", mapping=house.write("old.yaml", MAPPING), **more)


def came(outcome: Any) -> tuple[int, int, int]:
    """How many lines were taken, known before, and wrong or left out."""
    return outcome.taken, outcome.known, outcome.wrong + outcome.left_out


def units(house: House) -> list[int]:
    sql = "select remaining::int from lot where program_id = $1 order by remaining"
    return [units for (units,) in house.rows(sql, house.program_id)]


def test_a_lot_without_a_number_is_known_by_what_it_is(shop: House) -> None:
    """By the number of its line, mended lines were refused, and so was a second file; of a newer
    export the last lot was booked twice, and no dry run said so."""
    assert came(told(shop, "points", HEAD, ADA, "bob,x,", CYD, leave_out=True)) == (2, 0, 1)
    assert came(told(shop, "points", HEAD, BOB)) == (1, 0, 0)
    newer = (HEAD, DAN, CYD, ADA, BOB)
    assert came(told(shop, "points", *newer, dry=True)) == (0, 3, 0)
    assert came(told(shop, "points", *newer)) == (1, 3, 0)
    # Of those that are alike each is one, in whatever order they come again.
    twice = (HEAD, ADA, BOB, ADA, BOB, ADA)
    assert came(told(shop, "points", *twice)) == (3, 2, 0)
    assert came(told(shop, "points", HEAD, BOB, BOB, ADA, ADA, ADA, ADA)) == (1, 5, 0)
    assert units(shop) == [10, 10, 10, 10, 20, 20, 30, 40]
    # What comes in one import is not the same, be it in two files.
    later = DAN.replace("40,", "4,").replace("01-02", "01-05")
    both = [f"points={shop.write(f'{n}.csv', HEAD, later)}" for n in "ab"]
    assert came(shop.bring(*both, mapping=shop.write("old.yaml", MAPPING))) == (2, 0, 0)
    assert units(shop) == [4, 4, 10, 10, 10, 10, 20, 20, 30, 40]
    assert shop.wrong_books() == {}


def test_a_lot_of_which_some_was_spent_elsewhere_is_the_one_that_came(shop: House) -> None:
    """The newer export says how many are left there; both came, 6 beside 10."""
    assert came(told(shop, "points", HEAD, ADA, BOB, CYD, CYD)) == (4, 0, 0)
    rest, two = ADA.replace("10,", "6,"), (CYD.replace("30,", "29,"), CYD.replace("30,", "1,"))
    newer = (HEAD, rest, BOB, *two, DAN)
    for dry in (True, False):
        outcome = told(shop, "points", *newer, dry=dry)
        assert came(outcome) == (0 if dry else 1, 4, 0)
        spent = {k: v for k, v in outcome.before.items() if k.startswith("spent")}
        assert spent == {"spent_elsewhere.points": "34", "spent_elsewhere.points.lots": "3"}
        listed = [one.split(",")[:4] for one in shop.slips()]
        says = "%s of %s points were spent elsewhere since they were brought over"
        assert listed == [
            ["points.csv", "2", "remaining", says % (4, 10)],
            ["points.csv", "4", "remaining", says % (1, 30)],
            ["points.csv", "5", "remaining", says % (29, 30)],
        ]
    assert units(shop) == [10, 20, 30, 30, 40]
    # What a line tells as it came is that line's, so a smaller one beside it is another.
    assert came(told(shop, "points", HEAD, ADA, ADA.replace("10,", "7,"))) == (1, 1, 0)
    # More than came, another day, or another source is another lot.
    others = (BOB.replace("20,", "21,"), BOB.replace("20,", "3,").replace("01-02", "01-03"))
    assert came(told(shop, "points", HEAD, *others)) == (2, 0, 0)
    assert shop.wrong_books() == {}


def test_a_rest_with_another_origin_is_told_differently(shop: House) -> None:
    """It was in nobody's way, and came beside what was here already."""
    head, web = f"{HEAD},origin", ADA.replace("10,", "6,") + ",web"
    assert came(told(shop, "sourced", head, f"{ADA},shop", f"{BOB},shop")) == (2, 0, 0)
    assert came(told(shop, "sourced", head, web, dry=True)) == (0, 0, 1)
    assert shop.slips()[0].split(",")[:3] == ["sourced.csv", "2", "lot_id"]
    assert came(told(shop, "sourced", head, web, f"{CYD},shop", leave_out=True)) == (1, 0, 1)
    assert units(shop) == [10, 20, 30]
    # Of several the one that says the same is meant, though another is smaller.
    smaller = ADA.replace("10,", "9,") + ",web"
    assert came(told(shop, "sourced", head, f"{ADA},shop", smaller)) == (1, 1, 0)
    outcome = told(shop, "sourced", head, web.replace("web", "shop"))
    assert (came(outcome), outcome.before["spent_elsewhere.points"]) == ((0, 1, 0), "4")
    assert units(shop) == [9, 10, 20, 30]


def test_a_line_is_held_against_lots_of_its_own_day_alone(
    shop: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a newer export every lot was held against all that its member ever had."""
    held: list[list[int]] = []
    smaller = spent.read.smaller

    async def counted(*asked: Any) -> Any:
        found = await smaller(*asked)
        held.extend(one.amounts for one in found)
        return found

    monkeypatch.setattr(spent.read, "smaller", counted)
    days = [ADA.replace("01-02", f"01-{day:02}") for day in range(2, 20)]
    assert came(told(shop, "points", HEAD, *days, "ada,12,")) == (19, 0, 0)
    newer = [line.replace("10,", "9,") for line in (days[3], ADA.replace("01-02", "01-30"))]
    assert came(told(shop, "points", HEAD, *newer, "ada,11,")) == (1, 2, 0)
    assert sorted(held) == [[10], [12]]


def test_what_an_older_release_knew_by_its_line_is_not_booked_again(shop: House) -> None:
    # Whoever had nothing left there stood between them: those lines have no name here.
    places = zip((2, 60_002, 60_003, 60_004), (ADA, BOB, BOB, CYD), strict=True)
    before = [f"{line},line {n} of 1" for n, line in places]
    assert came(told(shop, "numbered", f"{HEAD},lot", *before)) == (4, 0, 0)
    older = "update import set totals = totals - 'named' where program_id = $1"
    shop.rows(older, shop.program_id)
    assert came(told(shop, "points", HEAD, ADA, BOB, BOB, CYD)) == (0, 4, 0)
    newer = (HEAD, DAN, BOB, CYD, ADA, BOB, BOB)
    assert came(told(shop, "points", *newer, dry=True)) == (0, 4, 0)
    assert came(told(shop, "points", *newer)) == (2, 4, 0)
    # The very line of before with another number is that lot, and not one more of them.
    other = told(shop, "points", HEAD, ADA.replace("10,", "11,"), dry=True)
    assert (came(other), shop.slips()[0].split(",")[:3]) == (
        (0, 0, 1),
        ["points.csv", "2", "lot_id"],
    )
    assert units(shop) == [10, 20, 20, 20, 30, 40]


@pytest.mark.skipif(not NIGHTLY, reason="takes a minute: REGULARS_TEST_SIZE=nightly")
def test_many_lots_of_an_older_release_are_found_in_seconds(shop: House) -> None:
    """Each of them was compared with each member of before: five seconds at 20,000 became half a
    minute at 50,000, eight times over."""
    many = range(50_000)
    assert told(shop, "people", "who", *(f"m{n}" for n in many)).right
    lots = [f"m{n},10,2026-01-02T10:00:00Z" for n in many]
    before = (f"{lot},line {n} of 1" for n, lot in enumerate(lots, 2))
    assert told(shop, "numbered", f"{HEAD},lot", *before).right
    older = "update import set totals = totals - 'named' where program_id = $1"
    shop.rows(older, shop.program_id)
    begun = time.monotonic()
    assert came(told(shop, "points", HEAD, ADA, *lots, dry=True)) == (0, len(many), 0)
    assert time.monotonic() - begun < 40


def test_points_and_debts_that_are_in_the_books_in_other_words_are_foreseen(shop: House) -> None:
    told(shop, "numbered", f"{HEAD},lot", f"{ADA},l1", f"{BOB},l2")
    told(shop, "balances", "who,points", "cyd,30")
    told(shop, "debts", "who,points", "dan,40")
    before = shop.counts()
    for name, lines, column, says in (
        ("numbered", (f"{HEAD},lot", f"{ADA},l1", f"{BOB.replace('20,', '21,')},l2"), "lot_id",
         "(20 there, 21 here)"),
        ("numbered", (f"{HEAD},lot", f"{ADA},l1", f"{BOB.replace('02T', '03T')},l2"), "lot_id",
         "(its dates, its origin or whose it is)"),
        ("balances", ("who,points", "ada,10", "cyd,31"), "balance", "(30 there, 31 here)"),
        ("debts", ("who,points", "ada,10", "dan,41"), "owed", "(40 there, 41 here)"),
    ):  # fmt: skip
        one = told(shop, name, *lines, dry=True)
        assert one.wrong == 1, name
        assert f"{name}.csv,3,{column},\"{THE_BOOKS} {says}" in shop.slips()[0].replace(
            f",{THE_BOOKS}", f',"{THE_BOOKS}'), shop.slips()  # fmt: skip
        told(shop, name, *lines)
        assert shop.counts() == before, "it was refused as a whole"


def test_a_tier_comes_after_its_member_who_stands_on_what_everybody_has(shop: House) -> None:
    sales = ("who,kind,receipt,at,amount", "ada,purchase,r1,2026-02-01T10:00:00Z,1.00",
             "bob,purchase,r2,2026-02-01T10:00:00Z,900.00")  # fmt: skip
    assert told(shop, "sales", *sales).right
    stands = "select tier from standing where program_id = $1 and tier is not null order by 1"
    assert shop.rows(stands, shop.program_id) == [("bronze",), ("silver",)]
    gold = tuple(f"{who},gold,2025-01-01T00:00:00Z,2099-01-01T00:00:00Z" for who in PEOPLE[1:])
    lines = ("who,tier,since,until", *gold)
    assert told(shop, "tiers", *lines, dry=True).wrong == 1
    (slip,) = shop.slips()
    assert slip == (
        "tiers.csv,3,tier,this member has the tier silver already,"
        '"Leave the line out; if it is right, give the tier by hand"'
    )
    assert came(told(shop, "tiers", *lines, leave_out=True)) == (3, 0, 1)
    assert shop.rows(stands, shop.program_id) == [("gold",)] * 3 + [("silver",)]
    again = (*lines[:2], *lines[3:])
    assert came(told(shop, "tiers", *again, dry=True)) == (0, 3, 0)
    bare = ("who,tier,until", *(line.replace("2025-01-01T00:00:00Z,", "") for line in again[1:]))
    assert came(told(shop, "bare", *bare, dry=True)) == (0, 3, 0)
    assert came(told(shop, "bare", *bare)) == (0, 3, 0)
    assert shop.wrong_books() == {}
    _comes_down(shop, "ada")
    longer = (*again, "eve,gold,2025-01-01T00:00:00Z,2099-01-01T00:00:00Z")
    assert told(shop, "people", "who", "eve").taken == 1
    assert came(told(shop, "tiers", *longer, dry=True)) == (0, 3, 0)
    assert came(told(shop, "tiers", *longer)) == (1, 3, 0)
    assert shop.rows(stands, shop.program_id) == [("bronze",), *[("gold",)] * 3, ("silver",)]
    # Nor does another one, to whoever stood higher here and came down.
    _comes_down(shop, "bob")
    assert told(shop, "tiers", lines[0], lines[2], dry=True).wrong == 1
    assert came(told(shop, "tiers", lines[0], lines[2], lines[1], leave_out=True)) == (0, 1, 1)
    assert shop.rows(stands, shop.program_id) == [*[("bronze",)] * 2, *[("gold",)] * 3]


def _comes_down(house: House, who: str) -> None:
    """As a review does, without waiting for it."""
    whose = "(select member_id from identifier where program_id = $1 and value = $2)"
    fall = "update standing set tier = 'bronze', tier_since = now(), tier_until = null"
    house.rows(f"{fall} where program_id = $1 and member_id = {whose}", house.program_id, who)
