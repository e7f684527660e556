"""Append why decisions came out as they did."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from regulars.base.tx import Tx, Write
from regulars.records.trail.types import ENGINE, Trail, pack

_APPEND = """
insert into trail (program_id, member_id, activity_id, sale_id, version, engine, packed,
                   recorded_at)
select $1::int, t.member_id, t.activity_id, t.sale_id, t.version, $2::smallint, t.packed,
       $3::timestamptz
  from unnest($4::trail_row[]) as t
"""
_RESTATE = """
insert into restatement (program_id, member_id, activity_id, restatement_id, late_id, version,
                         engine, packed, recorded_at)
select $1::int, r.member_id, r.activity_id, r.restatement_id, r.late_id, r.version, $2::smallint,
       r.packed, $3::timestamptz
  from unnest($4::restatement_row[]) as r
"""


def append(tx: Tx, trails: Sequence[Trail]) -> list[Write]:
    """Keep the steps of these decisions."""
    if not trails:
        return []
    rows = [(t.member_id, t.activity_id, t.sale_id, t.steps.version, pack(t.steps)) for t in trails]
    return [Write(_APPEND, (tx.program_id, ENGINE, tx.now, rows))]


def restate(tx: Tx, trails: Sequence[Trail]) -> list[Write]:
    """Keep the steps of decisions that were made again, beside the first ones.

    Keeps: nothing personal; what the first trail froze of its member is not written again.
    """
    if not trails:
        return []
    rows = [
        (
            t.member_id, t.sale_id, t.activity_id, t.steps.because, t.steps.version,
            pack(replace(t.steps, member={})),
        )
        for t in trails
    ]  # fmt: skip
    return [Write(_RESTATE, (tx.program_id, ENGINE, tx.now, rows))]
