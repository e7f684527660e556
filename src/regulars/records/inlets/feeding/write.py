"""Keep which places are looked at, and how far their files were read."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.inlets.feeding.types import Feed, FeedFile

_KEEP = """
insert into feed (program_id, inlet_id, place, address, endpoint, region, account, keys, host_key,
                  next_at, looked_at, failures, problem, version)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::text, $8::bytea, $9::text,
        $10::timestamptz, $11::timestamptz, $12::int, $13::text, $14::int)
    on conflict (program_id, inlet_id) do update
   set place = excluded.place, address = excluded.address, endpoint = excluded.endpoint,
       region = excluded.region, account = excluded.account, keys = excluded.keys,
       host_key = excluded.host_key, next_at = excluded.next_at, looked_at = excluded.looked_at,
       failures = excluded.failures, problem = excluded.problem, version = excluded.version
"""
_END = "delete from feed where program_id = $1::int and inlet_id = $2::uuid"
_FILES = """
insert into feed_file (program_id, inlet_id, name, size, modified, state, lines, kept, known,
                       unreadable, slips, problem, seen_at, done_at, version, position)
select $1::int, f.inlet_id, f.name, f.size, f.modified, f.state, f.lines, f.kept, f.known,
       f.unreadable, f.slips::jsonb, f.problem, f.seen_at, f.done_at, f.version, f.position
  from unnest($2::uuid[], $3::text[], $4::bigint[], $5::timestamptz[], $6::text[], $7::bigint[],
              $8::bigint[], $9::bigint[], $10::bigint[], $11::text[], $12::text[],
              $13::timestamptz[], $14::timestamptz[], $15::int[],
              $16::bigint[])
       as f (inlet_id, name, size, modified, state, lines, kept, known, unreadable, slips, problem,
             seen_at, done_at, version, position)
 order by f.inlet_id, f.name
    on conflict (program_id, inlet_id, name) do update
   set size = excluded.size, modified = excluded.modified, state = excluded.state,
       lines = excluded.lines, kept = excluded.kept, known = excluded.known,
       unreadable = excluded.unreadable, slips = excluded.slips, problem = excluded.problem,
       seen_at = excluded.seen_at, done_at = excluded.done_at, version = excluded.version,
       position = excluded.position
"""
_FORGET = "delete from feed_file where program_id = $1::int and inlet_id = $2::uuid"
_ANEW = """
delete from feed_file
 where program_id = $1::int and inlet_id = $2::uuid
   and (state = 'refused' or problem <> '' or unreadable > 0)
"""


def keep(tx: Tx, one: Feed) -> list[Write]:
    """The place as it is now; the row is held, or new."""
    told = [getattr(one, name) for name in Feed.__struct_fields__]
    return [Write(_KEEP, (tx.program_id, *told))]


def files(tx: Tx, those: Sequence[FeedFile]) -> list[Write]:
    """How far these files are now."""
    if not those:
        return []
    columns = [[getattr(one, name) for one in those] for name in FeedFile.__struct_fields__]
    at = FeedFile.__struct_fields__.index("slips")
    columns[at] = [msgspec.json.encode(slips).decode() for slips in columns[at]]
    return [Write(_FILES, (tx.program_id, *columns))]


def end(tx: Tx, inlet_id: UUID) -> list[Write]:
    """Nobody looks there any more; its keys are gone, and what was seen there."""
    return [Write(_END, (tx.program_id, inlet_id)), *forget(tx, inlet_id)]


def forget(tx: Tx, inlet_id: UUID) -> list[Write]:
    """What was seen there; elsewhere files of the same name are others."""
    return [Write(_FORGET, (tx.program_id, inlet_id))]


def anew(tx: Tx, inlet_id: UUID) -> list[Write]:
    """Files of which something could not be read are met once more, as the mapping says now how
    they are written; what is known of them counts once."""
    return [Write(_ANEW, (tx.program_id, inlet_id))]
