"""Keep when and where extracts are written, and which are there."""

from __future__ import annotations

from regulars.base.tx import Tx, Write
from regulars.records.errands.extracts.types import ExtractPlan, ExtractRun

_PLAN = """
insert into extract_plan (program_id, place, address, endpoint, region, account, keys, host_key,
                          format, at_minute, state, cursor, next_at, failures, problem, version)
values ($1::int, $2::text, $3::text, $4::text, $5::text, $6::text, $7::bytea, $8::text, $9::text,
        $10::smallint, $11::text, $12::text, $13::timestamptz, $14::int, $15::text, $16::int)
    on conflict (program_id) do update
   set place = excluded.place, address = excluded.address, endpoint = excluded.endpoint,
       region = excluded.region, account = excluded.account, keys = excluded.keys,
       host_key = excluded.host_key, format = excluded.format, at_minute = excluded.at_minute,
       state = excluded.state, cursor = excluded.cursor, next_at = excluded.next_at,
       failures = excluded.failures, problem = excluded.problem, version = excluded.version
"""
_RUN = """
insert into extract_run (program_id, number, name, state, kind, files, rows, bytes, begun_at,
                         done_at)
values ($1::int, $2::int, $3::text, $4::text, $5::text, $6::int, $7::bigint, $8::bigint,
        $9::timestamptz, $10::timestamptz)
    on conflict (program_id, number) do update
   set name = excluded.name, state = excluded.state, kind = excluded.kind, files = excluded.files,
       rows = excluded.rows, bytes = excluded.bytes, done_at = excluded.done_at
"""
_END = "delete from extract_plan where program_id = $1::int"
_ENDED = """
update extract_run set state = 'ended', done_at = $2::timestamptz
 where program_id = $1::int and state = 'begun'
"""


def plan(tx: Tx, one: ExtractPlan) -> list[Write]:
    """The plan as it is now; the row is held, or new."""
    told = [getattr(one, name) for name in ExtractPlan.__struct_fields__]
    return [Write(_PLAN, (tx.program_id, *told))]


def run(tx: Tx, one: ExtractRun) -> list[Write]:
    """An extract as it is now."""
    told = [getattr(one, name) for name in ExtractRun.__struct_fields__]
    return [Write(_RUN, (tx.program_id, *told))]


def give_up(tx: Tx) -> list[Write]:
    """What was begun goes nowhere."""
    return [Write(_ENDED, (tx.program_id, tx.now))]


def end(tx: Tx) -> list[Write]:
    """No extract is written any more; the keys are gone."""
    return [Write(_END, (tx.program_id,)), *give_up(tx)]
