"""One program of this installation, opened for the length of a verb."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from regulars.base.faults import Invalid, NotFound
from regulars.engine.terms import Terms
from regulars.records.members import read
from regulars.records.members.types import MemberRef
from regulars.records.night.sandbox.types import meant
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

_PATIENCE_S = 4 * 3600
"""Without an index from members to what they did, an erasure in huge books takes minutes."""
_WAYS = ("phone", "email", "card", "external", "number")


class House(Struct):
    """Both roles' connections and the program that is meant."""

    owner: Any
    database: Database
    program_id: int
    slug: str

    async def terms(self) -> Terms:
        return await Programs(self.database).terms(self.program_id)

    async def member(self, said: str) -> UUID:
        """Who is meant by an id, or by anything a member is found by.

        Faults: NotFound for nobody, Invalid for what could be several people.
        """
        kind, _, digits = said.partition("_")
        if kind == "mem" and len(digits) == 32:
            refs = [MemberRef(id=UUID(hex=digits))]
        else:
            refs = [msgspec.convert({way: said}, MemberRef) for way in _WAYS]
        country = (await self.terms()).versions[-1].program.country
        async with self.database.transaction(self.program_id) as tx:
            found = {one for one in await read.whom(tx, country, refs) if isinstance(one, UUID)}
        if not found:
            raise NotFound(f"nobody here is found by {said}; check it for a slip")
        if len(found) > 1:
            ids = ", ".join(sorted(f"mem_{one.hex}" for one in found))
            raise Invalid(f"{said} could be several members: {ids}; name one by its id")
        return found.pop()


@asynccontextmanager
async def house(where: Addresses, slug: str) -> AsyncIterator[House]:
    """Open a program by its public name; without one, the only one there is.

    Faults: NotFound, Invalid.
    """
    owner = await asyncpg.connect(where.owner)
    try:
        database = await Database.connect(where.app, size=2, patience_s=_PATIENCE_S)
        try:
            program_id, name = await _program(owner, slug)
            yield House(owner, database, program_id, name)
        finally:
            await database.close()
    finally:
        await owner.close()


async def _program(owner: Any, slug: str) -> tuple[int, str]:
    rows = await owner.fetch("select program_id, slug from program order by slug")
    names = ", ".join(row["slug"] for row in rows) or "none"
    found = meant([dict(row) for row in rows], slug)
    if not found:
        raise NotFound(f"there is no program {slug} here; there are: {names}")
    if len(found) > 1:
        raise Invalid(f"say which program with --program: {names}")
    return found[0]["program_id"], found[0]["slug"]
