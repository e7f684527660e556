"""Say when somebody looks at a member's further ladder."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx, Write
from regulars.records.standing.ladders.types import Looked

_WATCH = """
insert into ladder_clock (program_id, member_id, ladder, version, look_at)
select $1::int, c.* from unnest($2::ladder_clock_row[]) as c
    on conflict (program_id, member_id, ladder)
    do update set version = excluded.version, look_at = excluded.look_at
"""
_LOOKED = """
insert into ladder_clock (program_id, member_id, ladder, version, look_at, told_of)
select $1::int, c.* from unnest($2::ladder_looked_row[]) as c
    on conflict (program_id, member_id, ladder)
    do update set version = excluded.version, look_at = excluded.look_at,
                  told_of = excluded.told_of
"""


def watch(tx: Tx, clocks: Sequence[Looked]) -> list[Write]:
    """Have these members looked at then; of what they were told, they stay told."""
    rows = [clock[:4] for clock in clocks]
    return [Write(_WATCH, (tx.program_id, rows))] if rows else []


def looked(tx: Tx, clocks: Sequence[Looked]) -> list[Write]:
    """These members were looked at, and are again then."""
    rows = [tuple(clock) for clock in clocks]
    return [Write(_LOOKED, (tx.program_id, rows))] if rows else []
