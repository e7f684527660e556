"""Runs every check over one snapshot and says what it found."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any, Final, Protocol

from regulars.insight.segments.again import Ruled, asked_again
from regulars.insight.verify.catalogue import Check, checks
from regulars.insight.verify.connection import Connection, Rows
from regulars.insight.verify.facts import Facts, read_facts
from regulars.insight.verify.folds import FOLDS
from regulars.insight.verify.report import MOST_EXAMPLES, Finding, Report, Tally
from regulars.insight.verify.sales import STREAMS, recount

# Everything is read, so whole tables are scanned and hashed. Tables that were never analysed look
# small to the planner, and a nested loop over them would take hours.
_SETTINGS: Final = """
set local search_path = public;
set local timezone = 'UTC';
set local statement_timeout = 0;
set local idle_in_transaction_session_timeout = 0;
set local enable_seqscan = on;
set local enable_nestloop = off;
set local work_mem = '128MB';
set local jit = off;
"""
_SEES_ALL: Final = """
select rolsuper or rolbypassrls or rolname = 'regulars_owner' from pg_roles
 where rolname = current_user
"""


class CannotVerify(Exception):
    """The checks cannot be made; says why and what to do."""


class Progress(Protocol):
    """Who watches: told before and after each check."""

    def begins(self, check: Check, place: int, of: int) -> None: ...

    def ended(self, finding: Finding) -> None: ...


async def run_verify(
    connection: Connection,
    *,
    others: Sequence[Connection] = (),
    progress: Progress | None = None,
) -> Report:
    """Check every invariant over everything recorded, as of one instant; nothing is written.

    Order: of the checks, whoever reads how many share the work; with `others` they are looked at
    side by side, one check a connection, and all of them see what `connection` sees.
    Assumes: each connection is the owner's, who sees every program, and in no transaction.
    Faults: CannotVerify where it is not, or the tables are missing.
    """
    async with AsyncExitStack() as open_:
        await open_.enter_async_context(_snapshot(connection))
        await prepare(connection)
        if others:
            shared = await connection.fetchval("select pg_export_snapshot()")
        for other in others:
            await open_.enter_async_context(_snapshot(other))
            await other.execute(f"set transaction snapshot '{shared}'")
            await prepare(other)
        return await _Run(await read_facts(connection), progress).report([connection, *others])


def _snapshot(connection: Connection) -> Any:
    return connection.transaction(isolation="repeatable_read", readonly=True)


async def look(connection: Connection, progress: Progress | None = None) -> Report:
    """The checks of `run_verify` in the transaction that is open; for tests that plant faults."""
    await prepare(connection)
    return await _Run(await read_facts(connection), progress).report([connection])


async def prepare(connection: Connection) -> None:
    """Make ready for reading everything, in the transaction that is open.

    Faults: CannotVerify where the connection does not see everything, or there is nothing.
    """
    await connection.execute(_SETTINGS)
    if not await connection.fetchval(_SEES_ALL):
        raise CannotVerify(
            "This connection sees one program at most, so nothing it finds would mean anything. "
            "Use the owner's address (REGULARS_OWNER_DATABASE_URL)."
        )
    if await connection.fetchval("select to_regclass('public.posting')") is None:
        raise CannotVerify("There are no tables here yet. Run `regulars migrate` first.")


def pieces_of(todo: Iterable[Check]) -> deque[list[Check]]:
    """What one connection takes at a time: a check, or those that are read in one pass.

    Order: that pass first. It takes longer than all else of a connection, so whoever began it
    among the others would still be at it when nothing else is left to do.
    """
    pieces: deque[list[Check]] = deque()
    together: list[Check] = []
    for check in todo:
        if check.fold != "sales":
            pieces.append([check])
            continue
        if not together:
            pieces.appendleft(together)
        together.append(check)
    return pieces


class _Run:
    def __init__(self, facts: Facts, progress: Progress | None) -> None:
        self._facts = facts
        self._progress = progress
        self._clock: Callable[[], float] = asyncio.get_running_loop().time
        self._counts: dict[str, int] = {}
        self._recounted: dict[str, tuple[Tally, int]] = {}
        self._found: dict[str, Finding] = {}
        self._begun = 0

    async def report(self, connections: Sequence[Connection]) -> Report:
        begun, todo = self._clock(), checks()
        pieces = pieces_of(todo)
        try:
            async with asyncio.TaskGroup() as group:
                for connection in connections:
                    group.create_task(self._work(connection, pieces))
        except BaseExceptionGroup as several:  # the first says it; the others were called off
            raise several.exceptions[0] from several
        found = tuple(self._found[check.name] for check in todo)
        return Report(found, self._seconds(begun))

    async def _work(self, connection: Connection, pieces: deque[list[Check]]) -> None:
        """Take one piece after the other while there are any."""
        while pieces:
            for check in pieces.popleft():
                if self._progress is not None:
                    self._progress.begins(check, self._begun, len(checks()))
                self._begun += 1
                finding = await self._finding(connection, check)
                self._found[check.name] = finding
                if self._progress is not None:
                    self._progress.ended(finding)

    async def _finding(self, connection: Connection, check: Check) -> Finding:
        begun = self._clock()
        tally, rows = await self._checked(connection, check)
        return Finding(
            check=check.name,
            area=check.area,
            invariants=check.invariants,
            says=check.says,
            fails_when=check.fails_when,
            mend=check.mend,
            rows=rows,
            violations=tally.violations,
            examples=tuple(tally.examples),
            seconds=self._seconds(begun),
        )

    async def _checked(self, connection: Connection, check: Check) -> tuple[Tally, int]:
        if check.fold == "sales":
            return (await self._sales(connection))[check.name]
        if check.fold == "segments":
            return await self._segments(connection, check), await self._rows(connection, check)
        if check.fold:
            return await self._folded(connection, check)
        return await self._violations(connection, check), await self._rows(connection, check)

    async def _violations(self, connection: Connection, check: Check) -> Tally:
        # Our own file, never anything a person typed.
        sql = f"select *, count(*) over () as in_all from ({check.sql}) as wrong"  # noqa: S608
        args = (self._facts.for_sql(),) if "$1" in check.sql else ()
        found: Sequence[Mapping[str, Any]] = await connection.fetch(
            f"{sql} limit {MOST_EXAMPLES}", *args
        )
        tally = Tally()
        for row in found:
            example = dict(row)
            tally.violations = example.pop("in_all")
            tally.examples.append(example)
        return tally

    async def _rows(self, connection: Connection, check: Check) -> int:
        if check.counts not in self._counts:
            sql = f"select count(*) from {check.counts}"  # noqa: S608
            self._counts[check.counts] = await connection.fetchval(sql)
        return self._counts[check.counts]

    async def _folded(self, connection: Connection, check: Check) -> tuple[Tally, int]:
        tally, rows = Tally(), await Rows.of(connection, check.sql)
        fold = FOLDS[check.fold]
        while (row := await rows.peek()) is not None:
            rows.step()
            wrong = fold(row, self._facts)
            if wrong is not None:
                tally.add(**wrong)
        return tally, await self._rows(connection, check)

    async def _segments(self, connection: Connection, check: Check) -> Tally:
        """Asked of a few members, whose rows are looked up one by one."""
        ruled = {key: Ruled(one.program, one.names) for key, one in self._facts.terms.items()}
        await connection.execute("set local enable_nestloop = on")
        tally = Tally()
        for wrong in await asked_again(connection, await connection.fetch(check.sql), ruled):
            tally.add(**wrong)
        await connection.execute("set local enable_nestloop = off")
        return tally

    async def _sales(self, connection: Connection) -> dict[str, tuple[Tally, int]]:
        """The four checks that read the kept decisions are made in one pass, by the first."""
        if not self._recounted:
            sql = {check.name: check.sql for check in checks() if check.name in STREAMS}
            self._recounted = await recount(connection, sql, self._facts)
        return self._recounted

    def _seconds(self, begun: float) -> float:
        return round(self._clock() - begun, 3)
