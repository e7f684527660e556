"""Read programs and their published versions."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from regulars.base.tx import Tx

_PROGRAM = "select program_id, slug from program where program_id = $1"
_BY_SLUG = "select program_id from program where slug = $1"
_VERSIONS = """
select version, effective_from, source, published_at, published_by from program_version
 where program_id = $1 order by version
"""
_CODES = "select kind, name, code from program_code where program_id = $1"
_LATEST = "select coalesce(max(version), 0) as version from program_version where program_id = $1"


class Published(Struct, frozen=True):
    """One version as it was published, with the words of its file."""

    version: int
    effective_from: datetime
    source: str
    published_at: datetime
    published_by: str


async def slug(tx: Tx) -> str | None:
    """The public name of this transaction's program."""
    rows = await tx.fetch(_PROGRAM, tx.program_id)
    return rows[0]["slug"] if rows else None


async def by_slug(tx: Tx, name: str) -> int | None:
    """The number of the program with this public name."""
    rows = await tx.fetch(_BY_SLUG, name)
    return rows[0]["program_id"] if rows else None


async def versions(tx: Tx) -> list[Published]:
    """Every published version, oldest first."""
    rows = await tx.fetch(_VERSIONS, tx.program_id)
    return [Published(**dict(row)) for row in rows]


async def codes(tx: Tx) -> dict[tuple[str, str], int]:
    """The small number of every (kind, name)."""
    rows = await tx.fetch(_CODES, tx.program_id)
    return {(row["kind"], row["name"]): row["code"] for row in rows}


async def latest(tx: Tx) -> int:
    """The number of the newest version; 0 before the first."""
    return int((await tx.fetch(_LATEST, tx.program_id))[0]["version"])
