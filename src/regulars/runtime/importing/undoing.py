"""A whole import is taken back: weighed first, then some members at a time; safe to interrupt."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

import asyncpg
from msgspec import Struct

from regulars.base.faults import Fault, MembersMoved, Refused, StaleTerms
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.commands import History
from regulars.flows.importing.take_back import (
    Goes,
    begin_to_take_back,
    check,
    come_back,
    end_taking_back,
    pick,
    returns_of,
    take_members_back,
)
from regulars.flows.recording.record_activities import record_activities
from regulars.records.imports.undoing import read
from regulars.records.imports.undoing.types import Weighed
from regulars.runtime.importing.reading import Watch
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Clock, Database, utc_now

BATCH: Final = 100
"""Members of one transaction."""
NOTHING_LEFT: Final = "too_much_returned"
"""All of this purchase came back before, so there is nothing to take back of it."""
_MOST_TRIES: Final = 20
_AGAIN: Final = (
    StaleTerms,
    MembersMoved,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.SerializationError,
)


class TakenBack(Struct, frozen=True):
    """What became of an import that was taken back."""

    members: int
    """Whom it had made: they are nobody again."""
    others: int
    """Who were here before, and gave back the points it had brought."""
    kept: dict[str, int]
    """Who keeps what it brought, by the reason."""


class _Back(Exception):
    """A return was refused: the transaction is not to be kept."""

    def __init__(self, members: dict[UUID, str]) -> None:
        super().__init__()
        self.members = members


async def weigh_undo(app: str, program_id: int, import_id: UUID) -> Weighed:
    """What taking an import back would come to; nothing changes.

    Faults: `unknown_import`, `import_not_linked`.
    """
    database = await Database.connect(app, size=1, patience_s=None)
    try:
        terms = await Programs(database).terms(program_id)  # before: there is one connection
        async with database.transaction(program_id) as tx:
            await check(tx, import_id)
            return await read.weigh(tx, import_id, come_back(terms))
    finally:
        await database.close()


async def undo_import(
    app: str, asked: tuple[int, UUID, str], watch: Watch, clock: Clock = utc_now
) -> TakenBack:
    """Take an import back, or go on with it: the same again changes nothing.

    Shape: `asked` is the program, the import and who asks.
    Faults: `unknown_import`, `import_not_linked`.
    """
    program_id, import_id, actor = asked
    database = await Database.connect(app, size=1, clock=clock, patience_s=None)
    try:
        async with database.transaction(program_id) as tx:
            await begin_to_take_back(tx, import_id, actor)
            todo, members, others, _ = await read.came(tx, import_id)
        watch.begins("Members are taken back", todo)
        undoing = _Undoing(database, program_id, import_id)
        while done := await undoing.some():
            watch.advances(done)
        async with database.transaction(program_id) as tx:
            await end_taking_back(tx, import_id)
        async with database.transaction(program_id) as tx:
            _, members, others, kept = await read.came(tx, import_id)
        return TakenBack(members, others, kept)
    finally:
        await database.close()


class _Undoing:
    def __init__(self, database: Database, program_id: int, import_id: UUID) -> None:
        self._database, self._program_id, self._import_id = database, program_id, import_id
        self._programs = Programs(database)

    async def some(self) -> int:
        """Take the next back; again while others hold what is needed, or without whom a return
        was refused. How many were looked at."""
        tries, refused = 0, dict[UUID, str]()
        while True:
            try:
                return await self._once(refused)
            except _Back as back:
                refused |= back.members
            except _AGAIN:
                tries += 1
                if tries > _MOST_TRIES:
                    raise
                self._programs.forget(self._program_id)
                await asyncio.sleep(0.01 * tries)

    async def _once(self, refused: dict[UUID, str]) -> int:
        terms = await self._programs.terms(self._program_id)
        async with self._database.transaction(self._program_id) as tx:
            goes = await take_some_back(tx, terms, self._import_id, refused)
            return goes.all


async def take_some_back(
    tx: Tx, terms: Terms, import_id: UUID, refused: Mapping[UUID, str] = MappingProxyType({})
) -> Goes:
    """Take an import back from the next who wait, in a transaction of their own.

    Order: their purchases come back first, through the flow of the tills.
    """
    goes = await pick(tx, import_id, BATCH, refused)
    if goes.made:
        await _bring_back(tx, terms, import_id, goes)
    if goes.made or goes.others:
        await take_members_back(tx, terms, import_id, goes)
    return goes


async def _bring_back(tx: Tx, terms: Terms, import_id: UUID, goes: Goes) -> None:
    told = await returns_of(tx, terms, goes)
    commands = [command for _, command in told]
    outcomes = await record_activities(tx, terms, commands, History(import_id))
    wrong = {
        member_id: "refused"
        for (member_id, _), said in zip(told, outcomes, strict=True)
        if isinstance(said, Refused | Fault) and said.code != NOTHING_LEFT
    }
    if wrong:
        raise _Back(wrong)
