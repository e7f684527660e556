"""What left is taken in by `regulars import` alone, also what waits; nobody erased comes back."""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from tests.leaving.leaving import export_of
from tests.leaving.planting import CORNER, WITH_OTHERS, buy, erase, person
from tests.makers import Shop, brings_back, buys
from tests.runtime.importing.moving_in import Quiet

from regulars.flows.commands import Adjust, Confirm
from regulars.flows.importing.commands import BringMember
from regulars.flows.membership.erase_members import erase_members
from regulars.insight.verify import run_verify
from regulars.records.activity.types import SaleRef
from regulars.records.members.types import EraseMember, Identifier, JoinMember, MemberRef
from regulars.runtime.importing.asking import Wanted, find_mapping, find_sources
from regulars.runtime.importing.run import Outcome, run_import
from regulars.runtime.installation.addresses import Addresses

WAITS = CORNER.replace(
    "points: {expiry: {after: 30 days, round_up_to: day}}",
    "points: {expiry: {after: 30 days, round_up_to: day}, "
    "pending: {until: duration, after: 3 days}}",
)
IMPORT = UUID(int=77)
MOVING = ("members", "identifiers", "consents", "tiers", "lots")
STANDS = """
select m.number, m.given_name, s.tier, s.tier_since, s.tier_until, l.wallet, l.remaining, l.state,
       l.earned_at, l.expires_at, l.activates_at
  from member m
  join standing s using (program_id, member_id)
  left join lot l on l.program_id = m.program_id and l.member_id = m.member_id and l.remaining > 0
 where m.program_id = $1 and m.state not in ('erased', 'merged')
 order by 1, 6, 9, 10, 7
"""
HOLDS = """
select m.number, b.wallet, b.available + b.held, b.pending
  from balance b join member m using (program_id, member_id)
 where b.program_id = $1 and m.state not in ('erased', 'merged')
   and b.available + b.held + b.pending > 0
 order by 1, 2
"""


def brought(
    shop: Shop, folder: Path, names: tuple[str, ...] = MOVING, *, earn: bool = False
) -> Outcome:
    found, text = find_mapping("")
    sources = find_sources([str(folder / f"{name}.parquet") for name in names], found)
    slips = folder / "slips.csv"
    wanted = Wanted("corner", sources, found, text, slips=slips, activities_earn=earn)
    where = Addresses(owner=shop.made.owner_dsn, app=shop.made.app_dsn)
    return asyncio.run(run_import(where, wanted, Quiet(), lambda: shop.now))


def wrong_books(shop: Shop) -> dict[str, Any]:
    async def verify() -> dict[str, Any]:
        import asyncpg

        owner = await asyncpg.connect(shop.made.owner_dsn)
        try:
            report = await run_verify(owner)
        finally:
            await owner.close()
        return {one.check: one.examples for one in report.findings if one.violations}

    return asyncio.run(verify())


def test_who_moves_stands_there_as_here_also_with_points_that_wait(
    fresh_database: Any, make_database: Callable[[], Any], cluster: Any, tmp_path: Path
) -> None:
    shop = Shop.open(fresh_database, WAITS, now=datetime.now(UTC))
    chance = random.Random(4)
    people = [person(shop, chance, place, WITH_OTHERS) for place in range(6)]
    for place, one in enumerate(people):
        buy(shop, chance, one, one.words[0], 90 + place)
    erase(shop, people[0])
    shop.night()
    export_of(shop, tmp_path / "x")
    made = make_database()
    other = Shop.open(made, WAITS, now=shop.now)
    try:
        done = brought(other, tmp_path / "x" / "canonical")
        assert not done.refusals, done.refusals
        assert {row[7] for row in shop.rows(STANDS)} >= {"open", "pending"}
        assert other.rows(STANDS) == shop.rows(STANDS)
        assert other.rows(HOLDS) == shop.rows(HOLDS)
        assert wrong_books(other) == {}
    finally:
        other.close()
        shop.close()
        cluster.drop_database(made.name)


OWES = """
select m.number, b.available, b.debt from balance b join member m using (program_id, member_id)
 where b.program_id = $1 and b.available + b.debt > 0 order by 1
"""


def test_what_is_owed_moves_along_and_is_owed_once(
    fresh_database: Any, make_database: Callable[[], Any], cluster: Any, tmp_path: Path
) -> None:
    source = CORNER.replace("round_up_to: day}}", "round_up_to: day}, negative: debt}")
    assert source != CORNER
    shop = Shop.open(fresh_database, source, now=datetime.now(UTC))
    ada, ben = shop.joined("ada", "ben")
    shop.record(buys(ada, 5_000, receipt="r1"), buys(ben, 900, receipt="r2"))
    shop.adjust(Adjust(ada, "points", -shop.balances("ada")["points"][0], "spent", "Olga"))
    shop.record(brings_back("r1", receipt="b1"))
    assert shop.balances("ada")["points"][2] > 0
    export_of(shop, tmp_path / "x")
    made = make_database()
    other = Shop.open(made, source, now=shop.now)
    try:
        done = brought(other, tmp_path / "x" / "canonical", (*MOVING, "debts"))
        assert (done.refusals, done.left_out) == ([], 0)
        assert done.before["owed.points"] == str(shop.balances("ada")["points"][2])
        assert other.rows(OWES) == shop.rows(OWES)
        for each in (shop, other):
            each.record(buys(ada, 2_000, receipt="r3"))
        assert other.rows(OWES) == shop.rows(OWES)
        assert wrong_books(other) == {}
    finally:
        other.close()
        shop.close()
        cluster.drop_database(made.name)


def test_what_waits_for_a_word_is_confirmed_there_by_its_receipt(
    fresh_database: Any, make_database: Callable[[], Any], cluster: Any, tmp_path: Path
) -> None:
    asks = "pending: {until: event, cancel_after: 90 days}"
    source = WAITS.replace("pending: {until: duration, after: 3 days}", asks)
    assert source != WAITS
    shop = Shop.open(fresh_database, source, now=datetime.now(UTC))
    (ada,) = shop.joined("ada")
    shop.record(*(buys(ada, 5_000, receipt=f"r{n}") for n in range(3)))
    export_of(shop, tmp_path / "x")
    made = make_database()
    gives_nothing = source.replace(", on: purchase,", ", on: purchase, from_on: 2099-01-01,")
    other = Shop.open(made, gives_nothing, now=shop.now)
    try:
        done = brought(other, tmp_path / "x" / "canonical", (*MOVING, "activities"), earn=True)
        assert (done.refusals, done.left_out) == ([], 0)
        for each in (shop, other):
            told = each.confirm(
                Confirm(SaleRef(source="till", external_id="r0"), "confirmed"),
                Confirm(SaleRef(source="till", external_id="r1"), "cancelled"),
            )
            assert [one.points for one in told] == [{"points": 50}, {"points": 50}]
        assert other.rows(HOLDS) == shop.rows(HOLDS)
        assert {row[7] for row in other.rows(STANDS)} == {"open", "pending"}
        assert wrong_books(other) == {}
    finally:
        other.close()
        shop.close()
        cluster.drop_database(made.name)


def test_an_old_file_brings_nobody_back_who_was_erased(corner: Shop, tmp_path: Path) -> None:
    people = [person(corner, random.Random(place), place) for place in range(3)]
    export_of(corner, tmp_path / "x")
    erase(corner, people[0])
    before = corner.rows("select count(*) from member where program_id = $1")
    points = corner.rows(HOLDS)
    brought(corner, tmp_path / "x" / "canonical", ("members", "identifiers"))
    assert corner.rows("select count(*) from member where program_id = $1") == before
    assert corner.rows(HOLDS) == points
    (no,) = corner.record(buys(MemberRef(card=people[0].card), 100, receipt="late"))
    assert type(no).__name__ == "MemberErased"


def test_a_line_that_waits_goes_with_whom_it_names_by_a_card_in_capitals(corner: Shop) -> None:
    (one,) = corner.join(JoinMember(identifiers=(Identifier("card", "Card-7X"),)))
    line = BringMember(identifiers=(Identifier("card", "Card-7X"),), given_name="Wilhelmina")
    corner.rows(
        "insert into import (program_id, import_id, fingerprint, files, mapping, totals, begun_at)"
        " values ($1, $2, '', 'f', 'm', '{}', now()) returning 1", IMPORT,
    )  # fmt: skip
    corner.rows(
        "insert into import_row (program_id, import_id, part, lane, place, member_key, file, line,"
        " packed) values ($1, $2, 1, 0, 1, $2, 0, 1, $3) returning 1",
        IMPORT, msgspec.msgpack.encode(line),
    )  # fmt: skip
    corner.ask(erase_members, EraseMember(one.member_id))
    assert corner.rows("select 1 from import_row where program_id = $1") == []
