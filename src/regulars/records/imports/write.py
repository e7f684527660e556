"""Keep imports, how far their lanes are, and their slips."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.imports.types import Import, Lane, Slip

_BEGIN = """
insert into import (program_id, import_id, fingerprint, files, mapping, totals, begun_at)
values ($1::int, $2::uuid, $3::bytea, $4::text, $5::text, $6::text::jsonb, $7::timestamptz)
"""
_ADVANCE = """
update import_lane set place = $5::bigint, taken = $6::bigint, known = $7::bigint,
                       left_out = $8::bigint
 where program_id = $1::int and import_id = $2::uuid and part = $3::smallint
   and lane = $4::smallint
"""
_SLIPS = """
insert into import_slip (program_id, import_id, file, line, "column", wrong, mend)
select $1::int, $2::uuid, s.* from unnest($3::text[], $4::bigint[], $5::text[], $6::text[],
                                          $7::text[]) as s
"""
_END = """
update import set done_at = $3::timestamptz where program_id = $1::int and import_id = $2::uuid
"""
_CLEAR = """
delete from import_row where program_id = $1::int and import_id = $2::uuid
"""


def begin(tx: Tx, one: Import) -> list[Write]:
    """Keep what is to be brought over."""
    totals = msgspec.json.encode(one.totals).decode()
    args = (one.import_id, one.fingerprint, one.files, one.mapping, totals, one.begun_at)
    return [Write(_BEGIN, (tx.program_id, *args))]


def advance(tx: Tx, import_id: UUID, lane: Lane) -> list[Write]:
    """Keep how far a lane is; in the transaction that books its lines."""
    args = (lane.part, lane.lane, lane.place, lane.taken, lane.known, lane.left_out)
    return [Write(_ADVANCE, (tx.program_id, import_id, *args))]


def note(tx: Tx, import_id: UUID, slips: Sequence[Slip]) -> list[Write]:
    """Keep which lines were not taken, and why."""
    if not slips:
        return []
    columns = map(list, zip(*slips, strict=True))
    return [Write(_SLIPS, (tx.program_id, import_id, *columns))]


def end(tx: Tx, import_id: UUID) -> list[Write]:
    """An import is done; its lines need not be kept, since they are in the books."""
    return [
        Write(_END, (tx.program_id, import_id, tx.now)),
        Write(_CLEAR, (tx.program_id, import_id)),
    ]
