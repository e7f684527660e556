"""Works out again what is counted beforehand for screens, and says what differed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg

from regulars.base.faults import StaleTerms
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.office.prepare_rows import OF_EACH, count_anew, prepare_rows
from regulars.insight.verify.catalogue import checks
from regulars.insight.verify.facts import read_facts
from regulars.insight.verify.run import prepare
from regulars.records.prepared import read, write
from regulars.records.prepared.types import ALL_OF_NOBODY, Portion, Reach
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database
from regulars.runtime.working.reckoning.portions import HANDS, Portions, size_of

EACH: Final = 2_000
"""Members of one transaction."""
_WAIT_S: Final = 0.1
"""After so long it is asked again whether another worker still follows the books."""
_PROGRAMS: Final = """
select program_id, (select count(*) from member m where m.program_id = r.program_id) as members
  from prepared_reach r order by 1
"""
_TIES: Final = (
    "sums_counted", "cells_counted", "steps_counted", "triangle_counted", "nobodys_counted",
    "gaps_counted",
)  # fmt: skip

Watch = Callable[[int, int, int], None]
"""Told the program, how many members it has, and how many of them were looked at."""


class Differs(Exception):
    """Takes back what was folded only to see whether it differs."""


class Recounted(NamedTuple):
    """Of one program: how many rows of members were not what the books come to, and which sums."""

    program_id: int
    rows: int
    sums: Sequence[str]


async def recount(where: Addresses, watch: Watch, *, repair: bool) -> list[Recounted]:
    """Every program that has rows: what differs from the books, put right where it is asked for.

    Order: first the rows follow the books as always, then members are folded anew, a portion in
    a transaction, by what was booked until where the rows are; who seems to differ is looked at
    once more, when nobody else folds or follows; then sums are compared with the rows. Looking and
    mending are done by several hands at once.
    Keeps: what a shop books meanwhile is no difference, however long anybody's transaction is open.
    Cut off, it goes on with the worker.
    """
    owner = await asyncpg.connect(where.owner)
    database = await Database.connect(where.app, size=HANDS + 2, patience_s=None)
    try:
        found = []
        for program_id, members in await owner.fetch(_PROGRAMS):
            one = _Counting(database, Programs(database), program_id)
            told = partial(_tells, watch, program_id, members)
            rows = await one.look(told)
            sums = await _sums(owner, program_id)
            if repair and (rows or sums):
                await one.mend(told)
            found.append(Recounted(program_id, rows, sums))
        return found
    finally:
        await database.close()
        await owner.close()


def _tells(watch: Watch, program_id: int, members: int, looked: int) -> None:
    watch(program_id, members, min(looked, members))


async def _sums(owner: asyncpg.Connection, program_id: int) -> list[str]:
    """Sums that are not those of their rows, by the checks of `verify`. Order: of these, then as
    words."""
    found = []
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        await prepare(owner)
        facts = (await read_facts(owner)).for_sql()
        for check in checks():
            if check.name in _TIES:
                args = (facts,) if "$1" in check.sql else ()
                mine = f"program_id = ${len(args) + 1}::int"
                sql = f"select * from ({check.sql}) c where {mine}"  # noqa: S608
                rows = await owner.fetch(sql, *args, program_id)
                found += sorted(
                    " ".join(str(one) for one in list(row.values())[1:]) for row in rows
                )
    return found


def portion_of(everybody: int) -> int:
    """Members of one portion that is looked at, of so many: a part for each hand where they are
    few, and never more than where all are folded anew.

    Example: 2,000 of a hundred and of 4,000, 5,000 of 10,000, 25,000 of a million.
    """
    return min(max(EACH, -(-everybody // HANDS)), size_of(everybody))


class _Looking:
    """What is left to look at, and what was found so far."""

    def __init__(self, each: int, watch: Callable[[int], None]) -> None:
        self.handing = asyncio.Lock()
        self.differ: list[Portion] = []
        self._each, self._watch = each, watch
        self._after: UUID | None = ALL_OF_NOBODY
        self._looked = 0

    async def take(self, tx: Tx) -> Portion | None:
        """The next portion, for one hand alone; None after the last."""
        if self._after is None:
            return None
        some = await read.portion(tx, self._after, self._each, self._each * OF_EACH)
        self._after = some.next_id
        return some

    def ended(self, some: Portion, changed: int) -> None:
        """A portion was looked at, and so many of its rows differ."""
        self._looked += self._each
        self.differ += [some] if changed else []
        self._watch(self._looked)


class _Counting:
    """One program at a time."""

    def __init__(self, database: Database, programs: Programs, program_id: int) -> None:
        self._database = database
        self._programs = programs
        self._program_id = program_id

    async def look(self, watch: Callable[[int], None]) -> int:
        """How many rows of members differ; nothing is written.

        Order: portions are handed out to several hands at once, as where all are folded anew, and
        are as large: each reads most pages of the books once more.
        """
        await self._follow()
        async with self._database.transaction(self._program_id) as tx:
            looking = _Looking(portion_of(await read.everybody(tx)), watch)
        terms = await self._programs.terms(self._program_id)
        async with asyncio.TaskGroup() as group:
            for _ in range(HANDS):
                group.create_task(self._looks(looking, terms))
        if not looking.differ:
            return 0
        # A worker went on meanwhile, perhaps, or members were united: once more, alone.
        await self._follow()
        return sum([await self._looks_again(terms, some) for some in looking.differ])

    async def _looks(self, looking: _Looking, terms: Terms) -> None:
        while True:
            async with looking.handing, self._database.transaction(self._program_id) as tx:
                some = await looking.take(tx)
            if some is None:
                return
            looking.ended(some, await self._folds(terms, some, read.begun) or 0)

    async def _looks_again(self, terms: Terms, all_: Portion) -> int:
        """Few at a time, so that whoever follows the books is kept waiting for moments only."""
        differ, after = 0, all_.after_id
        while after < all_.upto_id:
            async with self._database.transaction(self._program_id) as tx:
                some = await read.portion(tx, after, EACH, EACH * OF_EACH)
            some = some._replace(upto_id=min(some.upto_id, all_.upto_id))
            while (changed := await self._folds(terms, some, read.reach)) is None:
                await asyncio.sleep(_WAIT_S)
            differ, after = differ + changed, some.upto_id
        return differ

    async def _folds(
        self, terms: Terms, some: Portion, reached: Callable[[Tx], Awaitable[Reach | None]]
    ) -> int | None:
        """How many rows of a portion are not what was booked until where all rows are; None while
        another has the rows. Under their lock nobody goes on meanwhile."""
        try:
            async with self._database.transaction(self._program_id) as tx:
                there = await reached(tx)
                if there is None:
                    return None
                zone = str(terms.at(tx.now).zone)
                changed = await write.fold_portion(tx, zone, there.below_tx, some, compare=True)
                raise Differs
        except Differs:
            return changed

    async def mend(self, watch: Callable[[int], None]) -> None:
        """Begin anew, and go on until nothing is left; then sums are made of the rows."""

        async def anew(tx: Tx, _terms: Terms) -> int:
            await count_anew(tx)
            return 0

        await self._do(anew)
        await self._do(lambda tx, terms: prepare_rows(tx, terms, EACH))
        terms = await self._programs.terms(self._program_id)
        portions, done = Portions(self._database, self._program_id, terms), list[Portion]()
        each = await portions.size()

        def ended(some: Portion) -> None:
            done.append(some)
            watch(each * sum(one.since is None for one in done))

        try:
            await portions.fold(ended, members=each)
        except* StaleTerms:
            # Somebody published meanwhile: what is left is folded by the terms of now.
            self._programs.forget(self._program_id)
        await self._follow()

        async def sums(tx: Tx, _terms: Terms) -> int:
            await write.sum_rows(tx, gaps=False)  # these were counted anew with the last portion
            return 0

        await self._do(sums)

    async def _follow(self) -> None:
        async def round_(tx: Tx, terms: Terms) -> int:
            return await prepare_rows(tx, terms, EACH)

        while await self._do(round_):
            pass

    async def _do(self, act: Callable[[Tx, Terms], object]) -> int:
        while True:
            terms = await self._programs.terms(self._program_id)
            try:
                async with self._database.transaction(self._program_id) as tx:
                    return int(await act(tx, terms))  # type: ignore[misc]
            except StaleTerms:
                self._programs.forget(self._program_id)
