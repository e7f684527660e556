"""What `regulars verify` finds about the segments of one shop alone."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg

from regulars.insight.segments.again import Ruled, asked_again
from regulars.insight.verify.catalogue import checks


def wrong_segments(owner_dsn: str, program_id: int, terms: Any) -> dict[str, list[Any]]:
    """By check, the rows that are wrong of this program; nothing where all is right."""

    async def look() -> dict[str, list[Any]]:
        connection = await asyncpg.connect(owner_dsn)
        found: dict[str, list[Any]] = {}
        try:
            for check in checks():
                if check.area != "segments":
                    continue
                sql = f"select * from ({check.sql}) c where program_id = {program_id}"
                rows = await connection.fetch(sql)
                found[check.name] = (
                    await asked_again(connection, rows, _ruled(terms)) if check.fold else rows
                )
        finally:
            await connection.close()
        return {name: rows for name, rows in found.items() if rows}

    return asyncio.run(look())


def _ruled(terms: Any) -> dict[tuple[int, int], Ruled]:
    return {
        (terms.program_id, one.number): Ruled(one.program, terms.wallet_names)
        for one in terms.versions
    }
