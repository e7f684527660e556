"""Find errands and uploads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.errands.types import Errand, Kind, Upload

_COLUMNS = """errand_id, kind, title, ask::text as ask, asked_by, asked_at, state, stop, stage,
       total, done, tries, falls, begun_at, ended_at, says, outcome::text as outcome"""
_ONE = f"""
select {_COLUMNS} from errand where program_id = $1::int and errand_id = $2::uuid
"""  # noqa: S608 - columns of ours
_ALL = f"""
select {_COLUMNS} from errand
 where program_id = $1::int and kind = any($2::text[]) order by asked_at desc, errand_id desc
"""  # noqa: S608 - columns of ours
_COUNTS = """
select count(*) filter (where state in ('waiting', 'running')) as open, count(*) as all
  from errand where program_id = $1::int
"""
_UPLOAD = """
select upload_id, name, bytes, choices::text as choices, kept_by, kept_at
  from upload where program_id = $1::int and upload_id = $2::uuid
"""
_UPLOADS = """
select upload_id, name, bytes, choices::text as choices, kept_by, kept_at
  from upload where program_id = $1::int order by kept_at desc
"""


async def errand(tx: Tx, errand_id: UUID) -> Errand | None:
    """One errand."""
    rows = await tx.fetch(_ONE, tx.program_id, errand_id)
    return _errand(rows[0]) if rows else None


async def errands(tx: Tx, *kinds: Kind) -> list[Errand]:
    """All errands of these kinds, the latest first; there are some dozens at most."""
    return [_errand(row) for row in await tx.fetch(_ALL, tx.program_id, list(kinds))]


async def counts(tx: Tx) -> tuple[int, int]:
    """How many wait or are being done, and how many there are."""
    row = (await tx.fetch(_COUNTS, tx.program_id))[0]
    return row["open"], row["all"]


async def upload(tx: Tx, upload_id: UUID) -> Upload | None:
    """One file that was brought."""
    rows = await tx.fetch(_UPLOAD, tx.program_id, upload_id)
    return _upload(rows[0]) if rows else None


async def uploads(tx: Tx) -> list[Upload]:
    """All files that lie here, the latest first."""
    return [_upload(row) for row in await tx.fetch(_UPLOADS, tx.program_id)]


def _errand(row: Mapping[str, Any]) -> Errand:
    told = dict(row) | {"ask": msgspec.json.decode(row["ask"])}
    told["outcome"] = msgspec.json.decode(row["outcome"]) if row["outcome"] else None
    return Errand(**told)


def _upload(row: Mapping[str, Any]) -> Upload:
    return Upload(**(dict(row) | {"choices": msgspec.json.decode(row["choices"])}))
