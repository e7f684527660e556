"""Keep which streams are read, and how far."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.inlets.streaming.types import Stream

_KEEP = """
insert into stream (program_id, inlet_id, address, account, login, authority, keys, begins, next_at,
                    looked_at, failures, problem, behind, kept, known, lost, version,
                    since)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::bytea, $8::text,
        $9::timestamptz, $10::timestamptz, $11::int, $12::text, $13::bigint, $14::bigint,
        $15::bigint, $16::bigint, $17::int, $18::timestamptz)
    on conflict (program_id, inlet_id) do update
   set address = excluded.address, account = excluded.account, login = excluded.login,
       authority = excluded.authority, keys = excluded.keys, begins = excluded.begins,
       next_at = excluded.next_at, looked_at = excluded.looked_at, failures = excluded.failures,
       problem = excluded.problem, behind = excluded.behind, kept = excluded.kept,
       known = excluded.known, lost = excluded.lost, version = excluded.version,
       since = excluded.since
"""
_PARTS = """
insert into stream_part (program_id, inlet_id, part, next)
select $1::int, $2::uuid, p.part, p.next from unnest($3::int[], $4::bigint[]) as p (part, next)
 order by p.part
    on conflict (program_id, inlet_id, part) do update set next = excluded.next
"""
_FORGET = "delete from stream_part where program_id = $1::int and inlet_id = $2::uuid"
_END = "delete from stream where program_id = $1::int and inlet_id = $2::uuid"


def keep(tx: Tx, one: Stream) -> list[Write]:
    """The stream as it is now; the row is held, or new."""
    told = [getattr(one, name) for name in Stream.__struct_fields__]
    return [Write(_KEEP, (tx.program_id, *told))]


def parts(tx: Tx, inlet_id: UUID, next_: Mapping[int, int]) -> list[Write]:
    """Of each of these parts the next message."""
    if not next_:
        return []
    return [Write(_PARTS, (tx.program_id, inlet_id, list(next_), list(next_.values())))]


def forget(tx: Tx, inlet_id: UUID) -> list[Write]:
    """How far it was read; another stream counts its messages anew."""
    return [Write(_FORGET, (tx.program_id, inlet_id))]


def end(tx: Tx, inlet_id: UUID) -> list[Write]:
    """It is read no more; its keys are gone."""
    return [Write(_END, (tx.program_id, inlet_id)), *forget(tx, inlet_id)]
