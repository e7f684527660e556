"""Keep which shops are asked, and how far that is."""

from __future__ import annotations

from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.inlets.catching.types import CatchUp

_KEEP = """
insert into catch_up (program_id, inlet_id, address, keys, since, read_to, page, found, ahead,
                      next_at, asked_at, met_at, failures, problem, version)
values ($1::int, $2::uuid, $3::text, $4::bytea, $5::timestamptz, $6::timestamptz, $7::int,
        $8::bigint, $9::bigint, $10::timestamptz, $11::timestamptz, $12::timestamptz, $13::int,
        $14::text, $15::int)
    on conflict (program_id, inlet_id) do update
   set address = excluded.address, keys = excluded.keys, since = excluded.since,
       read_to = excluded.read_to, page = excluded.page, found = excluded.found,
       ahead = excluded.ahead, next_at = excluded.next_at, asked_at = excluded.asked_at,
       met_at = excluded.met_at, failures = excluded.failures, problem = excluded.problem,
       version = excluded.version
"""
_ROTATE = """
update catch_up set keys = $4::bytea
 where program_id = $1::int and inlet_id = $2::uuid and keys = $3::bytea
"""
_END = "delete from catch_up where program_id = $1::int and inlet_id = $2::uuid"


def keep(tx: Tx, one: CatchUp) -> list[Write]:
    """How far it is now; the row is held, or new."""
    told = [getattr(one, name) for name in CatchUp.__struct_fields__]
    return [Write(_KEEP, (tx.program_id, *told))]


def end(tx: Tx, inlet_id: UUID) -> list[Write]:
    """Its shop is not asked any more, and its keys are gone."""
    return [Write(_END, (tx.program_id, inlet_id))]


def rotate(tx: Tx, inlet_id: UUID, before: bytes, after: bytes) -> list[Write]:
    """These keys stand where those stood; others stay."""
    return [Write(_ROTATE, (tx.program_id, inlet_id, before, after))]
