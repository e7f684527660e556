"""What tests of members share: a program in a real database, and commands with little to say."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from regulars.base.tx import Tx
from regulars.records.members.types import Asked, Identifier, JoinMember, MemberRef
from regulars.runtime.storage.database import Database

Answer = TypeVar("Answer")

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Desk:
    """One program of a database, at which one flow after the other is served."""

    def __init__(self, owner_dsn: str, app_dsn: str, program_id: int) -> None:
        self.app_dsn = app_dsn
        self.owner_dsn = owner_dsn
        self.program_id = program_id
        self.now = NOON

    @classmethod
    def open(cls, made: Any, slug: str) -> "Desk":
        """Found a program in this database."""

        async def found() -> int:
            connection = await asyncpg.connect(made.owner_dsn)
            try:
                sql = "insert into program (slug, created_at) values ($1, $2) returning program_id"
                return int(await connection.fetchval(sql, slug, NOON))
            finally:
                await connection.close()

        return cls(made.owner_dsn, made.app_dsn, asyncio.run(found()))

    def do(self, act: Callable[[Tx], Awaitable[Answer]]) -> Answer:
        """One transaction: committed when `act` returns."""
        return self.together(act)[0]

    def together(self, *acts: Callable[[Tx], Awaitable[Answer]]) -> list[Answer]:
        """So many transactions at the same time, each on its own connection."""

        async def each(database: Database, act: Callable[[Tx], Awaitable[Answer]]) -> Answer:
            async with database.transaction(self.program_id) as tx:
                return await act(tx)

        async def run() -> list[Answer]:
            database = await Database.connect(self.app_dsn, size=len(acts), clock=lambda: self.now)
            try:
                return list(await asyncio.gather(*(each(database, act) for act in acts)))
            finally:
                await database.close()

        return asyncio.run(run())

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What is kept of this program, as its owner sees it; `$1` is the program."""

        async def ask() -> list[tuple[Any, ...]]:
            connection = await asyncpg.connect(self.owner_dsn)
            try:
                return [tuple(row) for row in await connection.fetch(sql, self.program_id)]
            finally:
                await connection.close()

        return asyncio.run(ask())


def named(**said: str) -> tuple[Identifier, ...]:
    """Identifiers by kind: `named(phone="030 901820", card="A1")`."""
    return tuple(Identifier(kind, value) for kind, value in said.items())  # type: ignore[arg-type]


def joins(key: str = "", **said: str) -> JoinMember:
    """Somebody joins with these identifiers."""
    return JoinMember(identifiers=named(**said), asked=Asked("till", key))


def by(**said: str | UUID) -> MemberRef:
    """The member found by this."""
    return MemberRef(**said)  # type: ignore[arg-type]
