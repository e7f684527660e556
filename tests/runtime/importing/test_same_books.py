"""Ten thousand at once or one by one: the same books, down to the last counter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import pytest
from tests.isolation.picture import picture
from tests.runtime.importing.moving_in import TODAY, House

from regulars.flows.commands import History, RecordActivity
from regulars.flows.importing.bring_tiers import bring_tiers
from regulars.flows.importing.commands import BringTier, OpenLot
from regulars.flows.importing.open_balances import open_balances
from regulars.flows.membership.join_members import join_members
from regulars.flows.recording.record_activities import record_activities
from regulars.records.activity.types import SaleRef
from regulars.records.imports import write as imports
from regulars.records.imports.types import Import
from regulars.records.members.types import Identifier, JoinMember, MemberRef
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.night import Night

MAPPING = """
mapping: till
title: An old till
source: till
files:
  members:
    gives:
      members: {member_id: id, joined_at: joined}
      tiers: {member_id: id, tier: tier, since: joined}
      lots: {member_id: id, wallet: {constant: points}, lot_id: lot, remaining: points,
             earned_at: joined}
  history:
    gives:
      activities: {kind: kind, member_id: id, external_id: receipt, sale_id: sale,
                   occurred_at: at, amount: amount}
"""
PEOPLE = [f"m{n:02}" for n in range(9)]
JOINED = datetime(2016, 5, 1, tzinfo=UTC)
BEGIN = datetime(2018, 1, 1, tzinfo=UTC)


class Told:
    """A made-up shop's years: who had what, and what happened; the same on every run."""

    def __init__(self, chance: Random, much: int) -> None:
        self.points = {name: chance.randrange(0, 400) for name in PEOPLE}
        self.gold = set(chance.sample(PEOPLE, 2))
        self.lines: list[tuple[datetime, str, str, str, str, int]] = []
        for n in range(much):
            at = BEGIN + timedelta(minutes=chance.randrange(8 * 365 * 1440))
            who = chance.choice([*PEOPLE, PEOPLE[0], PEOPLE[0], ""])
            self.lines.append((at, "purchase", who, f"r{n}", "", chance.randrange(100, 60_000)))
            if chance.random() < 0.15:  # some at once, some after their points have lapsed
                back = at + timedelta(days=chance.choice([0, 3, 1000]))
                self.lines.append((min(back, datetime(2026, 6, 1, tzinfo=UTC)), "return", who,
                                   f"b{n}", f"r{n}", 0))  # fmt: skip
        self.lines.sort(key=lambda line: (line[0], line[1] == "return"))

    def write(self, house: House, chance: Random) -> list[str]:
        """As files; the history in no order at all."""
        lines = [
            f"{kind},{who},{receipt},{sale},{at:%Y-%m-%dT%H:%M:%SZ},"
            f"{'' if kind == 'return' else f'{minor // 100}.{minor % 100:02}'}"
            for at, kind, who, receipt, sale, minor in self.lines
        ]
        chance.shuffle(lines)
        people = [
            f"{name},{JOINED:%Y-%m-%dT%H:%M:%SZ},{'gold' if name in self.gold else ''},{name},{n}"
            for name, n in self.points.items()
        ]
        return [
            house.write("members.csv", "id,joined,tier,lot,points", *people),
            house.write("history.csv", "kind,id,receipt,sale,at,amount", *lines),
            house.write("till.yaml", MAPPING),
        ]

    async def one_by_one(self, house: House) -> None:
        """The same through the flows, each in a transaction of its own, told to the world."""
        database = await Database.connect(house.database.app_dsn, size=2, clock=lambda: TODAY)
        programs = Programs(database)
        terms = await programs.terms(house.program_id)

        async def alone(flow: Any, *commands: Any) -> None:
            async with database.transaction(house.program_id) as tx:
                await flow(tx, terms, *commands)

        one = database.ids.new_id()

        async def begin(tx: Any, terms: Any) -> None:
            await tx.write(imports.begin(tx, Import(one, b"", "", "", {}, tx.now)))

        await alone(begin)
        for name in PEOPLE:
            join = JoinMember((Identifier("external", name),), joined_at=JOINED)
            await alone(lambda tx, terms, join=join: join_members(tx, None, [join]))
        for name in sorted(self.gold):
            tier = BringTier(MemberRef(external=name), "gold", JOINED)
            await alone(bring_tiers, [tier], History(one))
        for name, n in self.points.items():
            if n:
                lot = OpenLot(MemberRef(external=name), "points", n, "till", name, JOINED)
                await alone(open_balances, [lot], History(one))
        for command in self.commands():
            await alone(record_activities, [command])
        await Night(database, programs).midnight(house.program_id, database.clock())
        await database.close()

    def commands(self) -> list[RecordActivity]:
        return [
            RecordActivity(
                kind,
                MemberRef(external=who) if who and kind != "return" else None,
                at,
                "till",
                receipt,
                amount_minor=None if kind == "return" else minor,
                sale=SaleRef(source="till", external_id=sale) if sale else None,
            )
            for at, kind, who, receipt, sale, minor in self.lines
        ]


async def _picture(house: House) -> dict[str, Any]:
    owner = await asyncpg.connect(house.database.owner_dsn)
    try:
        seen = await picture(owner, house.program_id, PEOPLE)
    finally:
        await owner.close()
    return {table: rows for table, rows in seen.items() if table not in ("outbox", "once")}


def brought(house: House, told: Told, **more: Any) -> dict[str, Any]:
    members, history, mapping = told.write(house, Random(9))
    outcome = house.bring(members, history, mapping=mapping, **more)
    assert (outcome.refusals, outcome.left_out) == ([], 0)
    assert house.wrong_books() == {}
    return asyncio.run(_picture(house))


@pytest.mark.parametrize("batch", [13, 2_000])
def test_in_bulk_and_one_by_one_make_the_same_books(
    make_database: Callable[[], Any], tmp_path: Path, batch: int
) -> None:
    told = Told(Random(batch), 120)
    (tmp_path / "bulk").mkdir()
    bulk = House.open(make_database(), tmp_path / "bulk")
    slow = House.open(make_database(), tmp_path)
    asyncio.run(told.one_by_one(slow))
    assert slow.wrong_books() == {}
    assert brought(bulk, told, batch=batch) == asyncio.run(_picture(slow))


def test_a_slip_of_one_cent_would_be_seen(make_database: Callable[[], Any], tmp_path: Path) -> None:
    told, other = Told(Random(1), 20), Told(Random(1), 20)
    other.lines[3] = (*other.lines[3][:5], other.lines[3][5] + 1)
    pictures = []
    for name, each in (("a", told), ("b", other)):
        (tmp_path / name).mkdir()
        pictures.append(brought(House.open(make_database(), tmp_path / name), each))
    assert pictures[0] != pictures[1]
