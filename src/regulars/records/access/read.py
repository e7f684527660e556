"""Look up keys: one by its digest before its program is known, or those of a program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.access.types import ApiKey

_COLUMNS = """
select program_id, key_id, name, scopes, mode, created_at, created_by, revoked_at,
       origins, shown, per_minute
  from api_key
"""
# The fence lets a key be seen from outside its program by its digest, and only by that; the
# digest is laid before the fence in a statement of its own, for this transaction.
_SHOW = "select set_config('regulars.key_hash', $1::text, true)"
_BY_DIGEST = f"{_COLUMNS} where key_hash = $1::bytea"
_ALL = f"{_COLUMNS} where program_id = $1::int order by created_at, key_id"
_SOME = f"{_COLUMNS} where program_id = $1::int and key_id = any($2::uuid[])"


async def by_digest(tx: Tx, key_hash: bytes) -> ApiKey | None:
    """The key with this digest, of whichever program, open or revoked."""
    await tx.fetch(_SHOW, key_hash.hex())
    rows = await tx.fetch(_BY_DIGEST, key_hash)
    return _key(rows[0]) if rows else None


async def keys(tx: Tx) -> list[ApiKey]:
    """All keys of this program, oldest first."""
    return [_key(row) for row in await tx.fetch(_ALL, tx.program_id)]


async def some_keys(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, ApiKey]:
    """These keys of this program; ids of none are left out."""
    rows = await tx.fetch(_SOME, tx.program_id, list(set(ids)))
    return {row["key_id"]: _key(row) for row in rows}


def _key(row: Mapping[str, Any]) -> ApiKey:
    return ApiKey(
        program_id=row["program_id"],
        key_id=row["key_id"],
        name=row["name"],
        scopes=frozenset(row["scopes"]),
        mode=row["mode"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        revoked_at=row["revoked_at"],
        origins=tuple(row["origins"]),
        shown=row["shown"] or "",
        per_minute=row["per_minute"],
    )
