"""Keep whom to look at because a reward may be taken by itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx, Write

_WATCH = """
insert into automatic_clock (program_id, member_id, due_at)
select $1::int, w.id, $3::timestamptz from unnest($2::uuid[]) as w (id) order by w.id
    on conflict (program_id, member_id) do update set due_at = excluded.due_at
"""
_LOOKED = "delete from automatic_clock where program_id = $1::int and member_id = any($2::uuid[])"


def watch(tx: Tx, member_ids: Collection[UUID], at: datetime) -> list[Write]:
    """Have these members looked at, at this instant."""
    if not member_ids:
        return []
    return [Write(_WATCH, (tx.program_id, sorted(member_ids), at))]


def looked(tx: Tx, member_ids: Collection[UUID]) -> list[Write]:
    """These members were looked at, under their lock."""
    if not member_ids:
        return []
    return [Write(_LOOKED, (tx.program_id, sorted(member_ids)))]
