"""The year of a shop that `regulars verify` is tried on folds to the rows the worker keeps."""

from __future__ import annotations

import asyncio
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.books import assert_books_right

from regulars.flows.membership.office.prepare_goods import prepare_goods
from regulars.flows.membership.office.prepare_rows import prepare_rows
from regulars.insight.prepared.books import read_books, read_rows
from regulars.insight.prepared.fold import Rows, fold
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database


async def counted(database: Database, program_id: int) -> tuple[Rows, Rows]:
    """The rows of one program, and what they should be."""
    terms = await Programs(database).terms(program_id)
    for _ in range(200):
        async with database.transaction(program_id) as tx:
            if not await prepare_rows(tx, terms, 3):
                break
    for _ in range(200):
        async with database.transaction(program_id) as tx:
            if not await prepare_goods(tx, terms):
                break
    async with database.transaction(program_id) as tx:
        zone = ZoneInfo(str(terms.at(tx.now).zone))
        return await read_rows(tx), fold(await read_books(tx, zone))


@pytest.mark.parametrize("slug", ["corner", "across"])
def test_a_year_is_counted_as_it_was(year: Any, slug: str) -> None:
    async def look() -> tuple[Rows, Rows]:
        database = await Database.connect(year.app_dsn, size=2)
        owner = await Database.connect(year.owner_dsn, size=1)
        try:
            async with owner.transaction(0) as tx:
                sql = "select program_id from program where slug = $1::text"
                ((id_,),) = [row.values() for row in await tx.fetch(sql, slug)]
            return await counted(database, id_)
        finally:
            await database.close()
            await owner.close()

    found, due = asyncio.run(look())
    for table in Rows.__struct_fields__:
        assert getattr(found, table) == getattr(due, table), table
    assert found.cohort_month
    asyncio.run(assert_books_right(year.owner_dsn))
