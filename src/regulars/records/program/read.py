"""Read programs and their published versions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from regulars.base.tx import Tx

# A sandbox is called as its program is, so that a file that was tried goes back as it is.
_PROGRAM = "select program_id, split_part(slug, '~', 1) as slug from program where program_id = $1"
_BY_SLUG = "select program_id from program where slug = $1"
_VERSIONS = """
select version, effective_from, source, published_at, published_by from program_version
 where program_id = $1 order by version
"""
_KNOWN = "select version, published_at from program_version where program_id = $1"
_CODES = "select kind, name, code from program_code where program_id = $1"
_RULING = """
select version from program_version where program_id = $1 and effective_from <= $2::timestamptz
 order by effective_from desc, version desc limit 1
"""
_LATEST = "select coalesce(max(version), 0) as version from program_version where program_id = $1"


_WITHDRAWALS = """
select version, restored_as, withdrawn_by, reason, withdrawn_at from version_withdrawal
 where program_id = $1 order by version
"""


class Withdrawal(Struct, frozen=True):
    """A version that was taken back, and which one rules in its place."""

    version: int
    restored_as: int
    withdrawn_by: str
    reason: str
    withdrawn_at: datetime


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


async def known_since(tx: Tx) -> dict[int, datetime]:
    """When each version was published, whatever it says from when on it rules."""
    rows = await tx.fetch(_KNOWN, tx.program_id)
    return {row["version"]: row["published_at"] for row in rows}


async def by_slug(tx: Tx, name: str) -> int | None:
    """The number of the program with this public name."""
    rows = await tx.fetch(_BY_SLUG, name)
    return rows[0]["program_id"] if rows else None


async def versions(tx: Tx) -> list[Published]:
    """Every published version, oldest first."""
    rows = await tx.fetch(_VERSIONS, tx.program_id)
    return [Published(**dict(row)) for row in rows]


def before(published: Iterable[Published], start: datetime) -> Published | None:
    """The version that rules just before one that begins at this instant."""
    earlier = [one for one in published if one.effective_from < start]
    return max(earlier, key=lambda one: (one.effective_from, one.version), default=None)


async def withdrawals(tx: Tx) -> list[Withdrawal]:
    """Every version that was taken back."""
    return [Withdrawal(*row.values()) for row in await tx.fetch(_WITHDRAWALS, tx.program_id)]


async def codes(tx: Tx) -> dict[tuple[str, str], int]:
    """The small number of every (kind, name)."""
    rows = await tx.fetch(_CODES, tx.program_id)
    return {(row["kind"], row["name"]): row["code"] for row in rows}


async def latest(tx: Tx) -> int:
    """The number of the newest version; 0 before the first."""
    return int((await tx.fetch(_LATEST, tx.program_id))[0]["version"])


async def ruling(tx: Tx) -> int:
    """The number of the version that rules now; 0 before the first."""
    rows = await tx.fetch(_RULING, tx.program_id, tx.now)
    return int(rows[0]["version"]) if rows else 0
