"""Keep keys, and close them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.access.types import ApiKey

# Scopes travel as one text each, since arrays in arrays must be of one length.
_CREATE = """
insert into api_key (program_id, key_id, key_hash, name, scopes, mode, created_at, created_by,
                     origins, shown, per_minute)
select $1::int, k.key_id, k.key_hash, k.name, string_to_array(k.scopes, ' '), k.mode, k.created_at,
       k.created_by, string_to_array(k.origins, ' '), nullif(k.shown, ''), k.per_minute
  from unnest($2::uuid[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
              $8::text[], $9::text[], $10::text[], $11::int[])
       as k (key_id, key_hash, name, scopes, mode, created_at, created_by, origins, shown,
             per_minute)
"""
_OPEN_TO = """
update api_key set scopes = string_to_array(k.scopes, ' ')
  from unnest($2::uuid[], $3::text[]) as k (key_id, scopes)
 where api_key.program_id = $1::int and api_key.key_id = k.key_id
"""
_SHOW_AT = """
update api_key set origins = string_to_array(k.origins, ' ')
  from unnest($2::uuid[], $3::text[]) as k (key_id, origins)
 where api_key.program_id = $1::int and api_key.key_id = k.key_id
"""
_REVOKE = """
update api_key set revoked_at = $2::timestamptz
 where program_id = $1::int and key_id = any($3::uuid[]) and revoked_at is null
"""


def create(tx: Tx, keys: Sequence[tuple[ApiKey, bytes]]) -> list[Write]:
    """Keep these keys with their digests."""
    if not keys:
        return []
    rows = [
        (k.key_id, key_hash, k.name, " ".join(sorted(k.scopes)), k.mode, k.created_at, k.created_by,
         " ".join(k.origins), k.shown, k.per_minute)
        for k, key_hash in keys
    ]  # fmt: skip
    return [Write(_CREATE, (tx.program_id, *map(list, zip(*rows, strict=True))))]


def open_to(tx: Tx, keys: Mapping[UUID, Collection[str]]) -> list[Write]:
    """From now on each of these keys opens this and nothing else."""
    if not keys:
        return []
    scopes = [" ".join(sorted(opens)) for opens in keys.values()]
    return [Write(_OPEN_TO, (tx.program_id, list(keys), scopes))]


def show_at(tx: Tx, keys: Mapping[UUID, Sequence[str]]) -> list[Write]:
    """From now on pages from here, and from nowhere else, may show each of these public keys."""
    if not keys:
        return []
    origins = [" ".join(each) for each in keys.values()]
    return [Write(_SHOW_AT, (tx.program_id, list(keys), origins))]


def revoke(tx: Tx, key_ids: Sequence[UUID]) -> list[Write]:
    """From now on these keys open nothing; one revoked before stays revoked since then."""
    if not key_ids:
        return []
    return [Write(_REVOKE, (tx.program_id, tx.now, list(key_ids)))]
