"""A steeper ladder for so many members, in full, while a till goes on.

    .venv/bin/python -m bench.sides.changeover

Says how long the plan took, from when on every answer is by the new terms, how long the walk took
until everybody was written, what it cost in CPU, and how long the till waited at most meanwhile.
"""

from __future__ import annotations

import asyncio
import sys
from random import Random
from time import perf_counter, process_time
from uuid import UUID

from bench.field.ground import Ground, running_ground
from bench.field.people import MEMBER, PROGRAM
from bench.field.seed import LEAN, finish, seed
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

STEEPER = "changeover: {members: full}\n"


def steeper() -> str:
    """The bench's program, with silver and gold out of reach of those who just had them."""
    text = load_template(PROGRAM)
    for at, now in (('at: "500.00"', 'at: "900.00"'), ('at: "2000.00"', 'at: "4000.00"')):
        assert at in text, at
        text = text.replace(at, now)
    return text + STEEPER


async def measure(ground: Ground, members: int) -> None:
    """One change of the ladder, from the plan to the last member."""
    database = await Database.connect(ground.cluster.dsn(APP_ROLE, LEAN), size=4)
    programs, waits = Programs(database), list[float]()
    done = asyncio.Event()

    async def till() -> None:
        random, n = Random(7), 0
        while not done.is_set():
            n += 1
            who = MemberRef(id=UUID(MEMBER.format(random.randint(1, members))))
            sale = RecordActivity(
                kind="purchase", member=who, source="till", external_id=f"c{n}", amount_minor=990
            )
            begun = perf_counter()
            while True:
                terms = await programs.terms(1)
                try:
                    async with database.transaction(1) as tx:
                        await record_activities(tx, terms, [sale])
                    break
                except StaleTerms:
                    programs.forget(1)
            waits.append(perf_counter() - begun)
            await asyncio.sleep(0.01)

    source = steeper()
    begun, cpu = perf_counter(), process_time()
    async with database.transaction(1) as tx:
        plan = await plan_version(tx, source)
    print(f"plan: {perf_counter() - begun:.1f} s ({process_time() - cpu:.2f} s CPU here)")
    for group in plan.groups:
        print(f"  {group.what}: {group.tier} -> {group.becomes}: {group.members}")
    selling = asyncio.create_task(till())
    await asyncio.sleep(2)
    quiet, waits[:] = max(waits), []
    begun, cpu = perf_counter(), process_time()
    async with database.transaction(1) as tx:
        await publish_program(tx, source, by="bench")
    print(f"cut over, every answer by the new terms: {perf_counter() - begun:.2f} s")
    await walk(database, programs)
    took = perf_counter() - begun
    done.set()
    await selling
    print(f"everybody written: {took:.1f} s ({process_time() - cpu:.1f} s CPU here, till included)")
    print(
        f"till: {len(waits)} sales, longest {max(waits) * 1000:.0f} ms (before: {quiet * 1000:.0f})"
    )
    await database.close()


async def walk(database: Database, programs: Programs) -> None:
    """As the worker does."""
    count = 1
    while count:
        terms = await programs.terms(1)
        try:
            async with database.transaction(1) as tx:
                count = await move_over(tx, terms, CHUNK)
        except StaleTerms:
            programs.forget(1)


def main() -> None:
    """Seed, finish, measure."""
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with running_ground() as ground:
        seed(ground, members, databases=(LEAN,))
        finish(ground, LEAN)
        asyncio.run(measure(ground, members))


if __name__ == "__main__":
    main()
