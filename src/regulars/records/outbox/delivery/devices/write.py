"""Keep and forget devices of members."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.outbox.delivery.devices.types import PushDevice

# A browser has one address: whoever gives leave in it has it from then on.
_KEEP: Final = """
insert into push_device (program_id, device_id, member_id, digest, endpoint, receives, secret,
                         name, kept_at)
select $1::int, d.* from unnest($2::uuid[], $3::uuid[], $4::bytea[], $5::text[], $6::bytea[],
                                $7::bytea[], $8::text[], $9::timestamptz[]) as d
    on conflict (program_id, digest) do update
   set member_id = excluded.member_id, receives = excluded.receives, secret = excluded.secret,
       name = excluded.name, kept_at = excluded.kept_at
"""
_FORGET: Final = (
    "delete from push_device where program_id = $1::int and device_id = any($2::uuid[])"
)
# Only as they were: of a browser that was told and gave leave anew meanwhile, the new leave stays.
_DROP: Final = """
delete from push_device d
 using unnest($2::uuid[], $3::timestamptz[]) as g (device_id, kept_at)
 where d.program_id = $1::int and d.device_id = g.device_id and d.kept_at = g.kept_at
"""


def keep(tx: Tx, some: Sequence[PushDevice]) -> list[Write]:
    """These are told from now on; no two of them at one address."""
    if not some:
        return []
    rows = [
        (one.device_id, one.member_id, digest_of(one.endpoint), one.endpoint, one.receives,
         one.secret, one.name, one.kept_at)
        for one in some
    ]  # fmt: skip
    return [Write(_KEEP, (tx.program_id, *map(list, zip(*rows, strict=True))))]


def forget(tx: Tx, ids: Collection[UUID]) -> list[Write]:
    """These are told nothing more."""
    return [Write(_FORGET, (tx.program_id, sorted(ids)))] if ids else []


def drop(tx: Tx, gone: Collection[PushDevice]) -> list[Write]:
    """Of these their push service said that they are no more."""
    if not gone:
        return []
    ids, kept = zip(*((one.device_id, one.kept_at) for one in gone), strict=True)
    return [Write(_DROP, (tx.program_id, list(ids), list(kept)))]


def digest_of(endpoint: str) -> bytes:
    """By which an address of a push service is found."""
    return sha256(endpoint.encode()).digest()
