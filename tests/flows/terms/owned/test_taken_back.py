"""A version under which somebody came to have something is not taken back: whatever it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.flows.terms.owned.houses import ADA, Open, given, house, opened
from tests.makers import NOON, Shop, named

from regulars.base.tx import Tx
from regulars.flows.adjust_balances import adjust_balances
from regulars.flows.commands import Adjust
from regulars.flows.points.gaming.commands import AnnounceDraw
from regulars.flows.points.gaming.hold_draws import announce_draws
from regulars.flows.terms import publish_program
from regulars.flows.terms import withdraw_version as withdrawing
from regulars.flows.terms.withdraw_version import Decided, Withdraw, withdraw_version
from regulars.records.program.changes.decided.read import (
    APART,
    COUNTED,
    Counted,
    Place,
    _since,
    decided_by,
    decided_since,
)
from regulars.records.program.problems import Finding
from regulars.records.program.read import Published

STAMPS = house("points: {}, stamps: {kind: stamps}")
BIKE = """
draws:
  - {id: bike, name: A bike, from_on: 2026-03-01, until_on: 2026-04-01, prize: A bicycle,
     words: the lottery of 1 April, measure: spend, each: "10.00", most: 5, winners: 2}
"""


def taken(shop: Shop, version: int = 2) -> int:
    done, _ = shop.do(lambda tx, _t: withdraw_version(tx, Withdraw(version, "a slip", "olga")))
    shop.forget_terms()
    return done.restored_as


def second(open_shop: Open, source: str) -> Shop:
    """The shop an hour after this version began, with Ada in it."""
    shop = opened(open_shop, house())
    shop.publish(named(source, shop.terms.slug))
    shop.now += timedelta(hours=1)
    return shop


def test_what_was_given_by_hand_under_it_keeps_it(open_shop: Open) -> None:
    """Seven stamps stayed, in a wallet the program had no more."""
    shop = second(open_shop, STAMPS)
    given(shop, "stamps", 7)
    before = shop.counts()
    with pytest.raises(Decided, match="1 lots") as fault:
        taken(shop)
    assert fault.value.facts["lots"] == 1
    assert shop.counts() == before


def test_what_would_be_lost_is_asked_besides_what_was_decided(open_shop: Open) -> None:
    """Who owes some of a wallet has no lot there, and the wallet is as little taken away."""
    shop = second(open_shop, STAMPS)
    given(shop, "stamps", 7)
    # As if it was earned by nobody's terms: brought over from elsewhere.
    shop.rows("update lot set version = 0 where program_id = $1 returning lot_id")
    with pytest.raises(Decided, match="somebody would lose what they have: members have something"):
        taken(shop)


def test_a_draw_that_was_announced_keeps_it(open_shop: Open) -> None:
    """Left out of a file it is refused, and it was gone by the other door."""
    shop = second(open_shop, house("points: {}", BIKE))
    shop.ask(announce_draws, AnnounceDraw("bike"))
    with pytest.raises(Decided, match="1 draws"):
        taken(shop)


def test_where_nobody_has_anything_it_is_taken_back(open_shop: Open) -> None:
    shop = second(open_shop, STAMPS + BIKE)
    assert taken(shop) == 3
    assert list(shop.terms.at(shop.now).program.wallets) == ["points"]


# --- table by table -------------------------------------------------------------------------------

_WITH_VERSIONS = """
select table_name from information_schema.columns c
  join information_schema.tables t using (table_schema, table_name)
 where c.table_schema = 'public' and c.column_name = 'version' and t.table_type = 'BASE TABLE'
   and $1::int > 0 order by 1
"""
_COLUMNS = """
select column_name, data_type from information_schema.columns
 where $1::int > 0 and table_schema = 'public' and table_name = $2 and is_nullable = 'NO'
   and is_generated = 'NEVER'
"""
_CHECKS = """
select conname from pg_constraint where conrelid = $1::regclass and contype = 'c'
"""
_FIRST = re.compile(r"from (\w+)")
_KINDS: dict[str, str] = {
    "uuid": "'00000000-0000-0000-0000-000000000002'", "text": "'accepted'", "boolean": "false",
    "jsonb": "'{}'", "bytea": "''", "date": "'2026-03-02'", "ARRAY": "'{}'",
    "timestamp with time zone": "'2026-03-02 12:00+00'",
}  # fmt: skip
"""What stands in a row of version 2 that rules since noon, whatever the column is for."""


def test_every_table_with_a_version_of_the_program_is_counted_or_said_to_be_apart(
    open_shop: Open,
) -> None:
    """A further one is noticed here, and whoever adds it says which it is."""
    found = {name for (name,) in open_shop(house()).rows(_WITH_VERSIONS)}
    counted = {one.table for one in COUNTED if "version" in one.by}
    told = counted | APART | _OF_OTHERS
    assert (sorted(found - told), sorted(told - found)) == ([], [])
    assert not counted & APART


_OF_OTHERS = {
    "segment", "segment_version", "segment_move", "campaign", "catch_up", "survey", "journey",
    "journey_version", "journey_run", "journey_pass", "feed", "feed_file", "stream",
    "extract_plan", "klaviyo", "offer", "club", "gathering", "lesson", "settlement_plan",
    "offer_choice", "bill", "article", "category_run",
}  # fmt: skip
"""Tables that count versions of something else: of a journey, an offer, a connection."""


@dataclass
class Inside:
    """A transaction of the owner, as far as counting asks it something."""

    program_id: int
    connection: Any

    async def fetch(self, sql: str, *args: Any) -> Any:
        return await self.connection.fetch(sql, *args)


async def row_of(connection: Any, program_id: int, table: str) -> None:
    """A row of version 2 in a table, whatever its checks say of it."""
    for (name,) in await connection.fetch(_CHECKS, table):
        await connection.execute(f'alter table {table} drop constraint "{name}"')
    columns = await connection.fetch(_COLUMNS, 1, table)
    values = [
        str(program_id) if name == "program_id" else _KINDS.get(kind, "2") for name, kind in columns
    ]
    cause = ", cause_id" if table == "tier_move" else ""
    names = ", ".join(name for name, _ in columns) + cause
    told = ", ".join(values) + (", " + _KINDS["uuid"] if cause else "")
    await connection.execute(f"insert into {table} ({names}) values ({told})")


@pytest.mark.parametrize("one", COUNTED, ids=lambda one: one.name)
def test_each_kind_that_is_decided_is_counted_and_counted_since(
    open_shop: Open, one: Counted
) -> None:
    """Six of nine could be left out, and no test saw it."""
    shop = open_shop(house())

    async def look() -> list[int]:
        connection = await shop.owning()
        inside: Any = Inside(shop.program_id, connection)
        version = Published(2, NOON, "", NOON, "olga")
        before, none = Place(0, UUID(int=0)), Place(2**62, UUID(int=2**128 - 1))
        plan = connection.transaction()
        await plan.start()
        try:
            for table in dict.fromkeys([*_FIRST.findall(one.since), one.table]):
                await row_of(connection, shop.program_id, table)
            other = Published(3, NOON + timedelta(days=1), "", NOON, "olga")
            return [
                (await decided_by(inside, version))[one.name],
                (await decided_since(inside, version, before))[one.name],
                (await decided_by(inside, other))[one.name],
                (await decided_since(inside, version, none))[one.name],
            ]
        finally:
            await plan.rollback()

    found = shop.run(look())
    assert found[:3] == [1, 1, 0]
    assert found[3] == (0 if one.key or one.since else 1)


# --- nobody waits for what is old -----------------------------------------------------------------

_FEW = {"draws"}
"""Of which there are so few that all of the program's are read."""


_INDEXES = """
select indexdef from pg_indexes where $1::int > 0 and schemaname = 'public' and tablename = $2
"""


def test_what_was_decided_since_is_found_by_an_index(open_shop: Open) -> None:
    """Tills wait meanwhile: all lots there ever were, and all restatements, were read."""
    shop, missing = open_shop(house()), []
    for one in COUNTED:
        (table, *_), column = _FIRST.findall(_since(one)), one.key or "version"
        if one.since:
            assert "recorded_tx >= $5 and" in one.since
            column = "recorded_tx"
        indexes = [told for (told,) in shop.rows(_INDEXES, table)]
        by_it = re.compile(rf"\((program_id, )?(version, word, )?{column}[,)]")
        if not any(by_it.search(told) for told in indexes):
            missing.append(one.name)
    assert missing == sorted(_FEW)


def test_what_is_booked_meanwhile_of_a_wallet_that_would_go_keeps_it(
    open_shop: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what no version of these decided: somebody brought stamps over as it was looked at."""
    shop = second(open_shop, STAMPS)
    owned, terms = withdrawing._owned, shop.terms

    async def slow(tx: Tx, one: Published, before: Published) -> Any:
        found = await owned(tx, one, before)
        given_by_nobodys_terms = "update lot set version = 0 where program_id = $1 returning lot_id"
        await adjust_balances(tx, terms, [Adjust(ADA, "stamps", 7, "a present", "olga")])
        await tx.fetch(given_by_nobodys_terms, tx.program_id)
        return found

    monkeypatch.setattr(withdrawing, "_owned", slow)
    with pytest.raises(Decided, match="entries"):
        taken(shop)


def test_what_never_ruled_is_taken_back_whatever_members_have(
    open_shop: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has anything by it; that was refused, as if what they have was its doing."""
    shop = opened(open_shop, house())

    async def nothing(*_: Any) -> list[Finding]:
        return []

    # As an older release published it, which asked nothing.
    monkeypatch.setattr(publish_program, "relied", nothing)
    file = named(house("points: {scale: 2}"), shop.terms.slug)
    shop.publish(file, effective_from=shop.now + timedelta(days=30))
    given(shop, "points", 1_240)
    assert taken(shop) == 3
