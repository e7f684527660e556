"""A steeper ladder for so many members, in full, while a till goes on.

    .venv/bin/python -m bench.sides.changeover --members 1000000

Says how long the plan took, how long one of every other promise took, after how long every answer
was by the new terms, how long the walk took until everybody was written, and how long the till
waited at most, before and meanwhile. The books must show as many moved as the plan had said.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, NamedTuple
from uuid import UUID

from rich.console import Console

from bench import audit, results
from bench.field.ground import Ground, running_ground
from bench.field.people import MEMBER, PROGRAM
from bench.field.seed import LEAN, finish, seed
from bench.machine import machine_of, settings_of, versions_of
from regulars.base.faults import StaleTerms
from regulars.flows.commands import RecordActivity
from regulars.flows.recording.record_activities import record_activities
from regulars.flows.terms.move_over import move_over
from regulars.flows.terms.plan_version import plan_version
from regulars.flows.terms.publish_program import publish_program
from regulars.records.members.types import MemberRef
from regulars.records.program.templates import load_template
from regulars.runtime.installation.addresses import APP_ROLE
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.night import CHUNK

GOAL_S = 60
PROGRAM_ID = 1
STEEPER = "changeover: {members: full}\n"


def steeper() -> str:
    """The bench's program, with silver and gold out of reach of those who just had them."""
    text = load_template(PROGRAM)
    for at, now in (('at: "500.00"', 'at: "900.00"'), ('at: "2000.00"', 'at: "4000.00"')):
        assert at in text, at
        text = text.replace(at, now)
    return text + STEEPER


def other() -> str:
    """The bench's program, of which every promise is another one that concerns somebody else."""
    text = load_template(PROGRAM).partition("cases:")[0]
    changes = {
        'points: 1, per: "1.00"': 'points: 2, per: "1.00"',
        "price: {points: 250}": "price: {points: 300}",
        "round_up_to: month}": "round_up_to: month}\n    transfers: {}",
        "points: 200}": "points: 300}",
    }
    for was, is_ in changes.items():
        assert was in text, was
        text = text.replace(was, is_)
    return text + "household: {}\nblocked: {may_earn: true}\n"


class Took(NamedTuple):
    """What was measured: seconds, milliseconds of a sale, how many sales, how many moved."""

    plan_s: float
    compared_s: float
    in_force_s: float
    written_s: float
    longest_before_ms: float
    longest_during_ms: float
    sales: int
    moved: int


class Till:
    """One till that goes on selling; asks anew when the terms it knew are not in force any more."""

    def __init__(self, database: Database, programs: Programs, members: int) -> None:
        self._database, self._programs, self._members = database, programs, members
        self.waits: list[float] = []
        self.closed = asyncio.Event()

    async def sell(self) -> None:
        """Sell until the till is closed, a hundred times a second at most."""
        random = Random(7)
        for number in count():
            if self.closed.is_set():
                return
            who = MemberRef(id=UUID(MEMBER.format(random.randint(1, self._members))))
            sale = RecordActivity(
                kind="purchase", member=who, source="till", external_id=f"c{number}",
                amount_minor=990,
            )  # fmt: skip
            begun = perf_counter()
            while not await self._sold(sale):
                self._programs.forget(PROGRAM_ID)
            self.waits.append((perf_counter() - begun) * 1000)
            await asyncio.sleep(0.01)

    async def _sold(self, sale: RecordActivity) -> bool:
        terms = await self._programs.terms(PROGRAM_ID)
        try:
            async with self._database.transaction(PROGRAM_ID) as tx:
                await record_activities(tx, terms, [sale])
        except StaleTerms:
            return False
        return True


async def measure(ground: Ground, members: int) -> Took:
    """One change of the ladder, from the plan to the last member."""
    database = await Database.connect(ground.cluster.dsn(APP_ROLE, LEAN), size=4)
    programs = Programs(database)
    till = Till(database, programs, members)
    begun = perf_counter()
    async with database.transaction(PROGRAM_ID) as tx:
        plan = await plan_version(tx, steeper())
    planned = perf_counter() - begun
    begun = perf_counter()
    async with database.transaction(PROGRAM_ID) as tx:
        compared = await plan_version(tx, other())
    compared_s = perf_counter() - begun
    assert None not in map(compared.touched.get, {one.whom for one in compared.changes})
    selling = asyncio.create_task(till.sell())
    await asyncio.sleep(2)
    before, till.waits = max(till.waits), []
    begun = perf_counter()
    async with database.transaction(PROGRAM_ID) as tx:
        await publish_program(tx, steeper(), by="bench")
    in_force = perf_counter() - begun
    await walk(database, programs)
    written = perf_counter() - begun
    till.closed.set()
    await selling
    await database.close()
    moved = sum(group.members for group in plan.groups if group.tier != group.becomes)
    return Took(
        planned, compared_s, in_force, written, before, max(till.waits), len(till.waits), moved
    )


def judge(ground: Ground, took: Took) -> None:
    """As many were moved as the plan said; nobody stands where only the old ladder put them."""
    (row,) = ground.rows(LEAN, _MOVED)
    # A sale of the till may bring somebody over before the walk does: they are moved all the same.
    if row["moved"] != took.moved or row["left"]:
        raise audit.WrongBooks(f"{row} after the walk, and {took.moved} were to be moved")


_MOVED = """
select (select count(*) from tier_move where reason = 'terms') as moved,
       (select count(*) from standing s
         where s.tier <> 'bronze' and not exists (
               select from tier_move m where m.program_id = s.program_id
                  and m.member_id = s.member_id and m.reason = 'terms')) as left
"""


async def walk(database: Database, programs: Programs) -> None:
    """As the worker does."""
    left = 1
    while left:
        terms = await programs.terms(PROGRAM_ID)
        try:
            async with database.transaction(PROGRAM_ID) as tx:
                left = await move_over(tx, terms, CHUNK)
        except StaleTerms:
            programs.forget(PROGRAM_ID)


def main() -> int:
    """Seed, measure, judge the books, say how long it took."""
    wants = argparse.ArgumentParser(description=__doc__)
    wants.add_argument("--members", type=int, default=1_000_000)
    wants.add_argument("--out", type=Path)
    wanted, console, load = wants.parse_args(), Console(width=110), os.getloadavg()[0]
    with running_ground() as ground:
        seed(ground, wanted.members, databases=(LEAN,))
        finish(ground, LEAN)
        took = asyncio.run(measure(ground, wanted.members))
        judge(ground, took)
        found = said(wanted.members, took) | {"verified": audit.verify_ours(ground, LEAN)}
        found |= {"machine": machine_of(ground, load), "versions": versions_of(ground)}
        found["settings"] = settings_of(ground)
    if wanted.out:
        results.keep({"changeover": found}, wanted.out)
    console.print_json(data={key: found[key] for key in ("per_second", "figures", "verified")})
    return 0


def said(members: int, took: Took) -> dict[str, Any]:
    """The figures as they are kept."""
    return {
        "what": f"a steeper ladder for {members:,} members, in full, while a till goes on",
        "wanted": f"a million members in under {GOAL_S} s",
        "per_second": round(members / took.written_s),
        "figures": {name: round(value, 3) for name, value in took._asdict().items()},
        "plan": {"members": members},
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


if __name__ == "__main__":
    raise SystemExit(main())
