"""Programs ready to decide with, compiled once per process and version."""

from __future__ import annotations

import asyncio

import asyncpg

from regulars.base.faults import NotFound
from regulars.engine.compiling.compile import Compiled, compile_program
from regulars.engine.terms import Terms, terms_of
from regulars.flows.terms.comes.stand_ins import copies
from regulars.records.night.sandbox.types import APART
from regulars.records.program import read
from regulars.records.program.reading import read_program
from regulars.runtime.serving.aside import Aside
from regulars.runtime.storage.database import Database


class Programs:
    """The terms of every program this process has met; compiled versions are kept by their text."""

    def __init__(self, database: Database, aside: Aside | None = None) -> None:
        self._database = database
        self._aside = aside or Aside()
        self._terms: dict[int, Terms] = {}
        self._compiled: dict[str, Compiled] = {}
        self._reading = asyncio.Lock()

    async def terms(self, program_id: int) -> Terms:
        """All versions of a program, ready to decide with."""
        found = self._terms.get(program_id)
        if found is None:
            async with self._reading:
                found = self._terms.get(program_id) or await self._read(program_id)
                self._terms[program_id] = found
        return found

    def forget(self, program_id: int) -> None:
        """Read this program anew at the next question."""
        self._terms.pop(program_id, None)

    async def _read(self, program_id: int) -> Terms:
        async with self._database.transaction(program_id) as tx:
            slug = await read.slug(tx)
            versions = await read.versions(tx)
            taken = await read.withdrawals(tx)
            codes = await read.codes(tx)
        if slug is None or not versions:
            raise NotFound("this program has no published version yet; publish one first")
        for version in versions:
            if version.source not in self._compiled:
                self._compiled[version.source] = await self._aside(_compiled, version.source)
        published = [(v.version, v.effective_from, self._compiled[v.source]) for v in versions]
        known_at = {v.version: v.published_at for v in versions}
        again = copies(versions, taken)
        return terms_of(program_id, slug, published, codes, known_at, again)


def _compiled(source: str) -> Compiled:
    return compile_program(read_program(source))


async def program_called(owner_dsn: str, slug: str) -> int | None:
    """The number of the program with this public name, if there is one."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        found: int | None = await connection.fetchval(
            "select program_id from program where slug = $1", slug
        )
        return found
    finally:
        await connection.close()


async def program_meant(owner_dsn: str, slug: str, *, or_only: bool) -> int:
    """The number of the program with this public name; with `or_only` the one program there is,
    whatever it is called and whatever sandboxes it has. Faults: NotFound, with the names there
    are."""
    connection = await asyncpg.connect(owner_dsn)
    try:
        rows = await connection.fetch("select program_id, slug from program order by slug")
    finally:
        await connection.close()
    found = [row["program_id"] for row in rows if row["slug"] == slug]
    real = [row["program_id"] for row in rows if APART not in row["slug"]]
    if not found and or_only and len(real) == 1:
        found = real
    if found:
        return int(found[0])
    names = ", ".join(row["slug"] for row in rows)
    if not names:
        raise NotFound("there is no program here yet; publish one: regulars publish FILE")
    wanted = f"there is no program {slug} here; there are" if slug else "say which program"
    raise NotFound(f"{wanted}: {names}", field="--program")


async def found_program(owner_dsn: str, slug: str, *, made_up: bool = False) -> int:
    """The number of the program with this public name; a new one gets the next number.

    Only the owner of the database founds programs: the application may not see beyond its own.
    `made_up` marks a new one as a demo; one that is there already stays what it is.
    """
    connection = await asyncpg.connect(owner_dsn)
    try:
        program_id = await connection.fetchval(
            "insert into program (slug, created_at, made_up) values ($1, clock_timestamp(), $2) "
            "on conflict (slug) do update set slug = excluded.slug returning program_id",
            slug, made_up,
        )  # fmt: skip
    finally:
        await connection.close()
    return int(program_id)
