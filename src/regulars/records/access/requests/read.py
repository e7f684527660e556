"""Look requests up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.access.requests.types import Noted, digest_of

_COLUMNS = """
select request_id, at, key_id, operation, key_begins as key, status, code, took_ms, made
  from request where program_id = $1::int
"""
_PAGE = f"""{_COLUMNS}
   and ($2::uuid is null or request_id < $2::uuid)
   and ($3::boolean is false or status >= 400)
 order by request_id desc limit $4::int
"""
_BY_KEY = f"{_COLUMNS} and key_digest = $2::bytea order by request_id desc limit $3::int"


async def page(
    tx: Tx, most: int, before: UUID | None = None, *, failed: bool = False
) -> list[tuple[UUID, Noted]]:
    """Requests newest first, before that one; or only those that did not do what they wanted."""
    rows = await tx.fetch(_PAGE, tx.program_id, before, failed, most)
    return [_noted(row) for row in rows]


async def by_key(tx: Tx, key: str, most: int) -> list[tuple[UUID, Noted]]:
    """Every request of the last days with this idempotency key, newest first."""
    rows = await tx.fetch(_BY_KEY, tx.program_id, digest_of(key), most)
    return [_noted(row) for row in rows]


def _noted(row: Mapping[str, Any]) -> tuple[UUID, Noted]:
    told = dict(row)
    return told.pop("request_id"), Noted(**told)
