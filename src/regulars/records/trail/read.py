"""Look up why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.records.trail.types import Trail, unpack

_OF_SALES = """
select member_id, activity_id, sale_id, packed from trail
 where program_id = $1 and member_id = any($2::uuid[])
   and (activity_id = any($3::uuid[]) or sale_id = any($3::uuid[]))
union all
select member_id, restatement_id, activity_id, packed from restatement
 where program_id = $1 and member_id = any($2::uuid[]) and activity_id = any($3::uuid[])
"""
_SOME = """
select member_id, activity_id, sale_id, packed from trail
 where program_id = $1 and member_id = $2 and activity_id = any($3::uuid[])
"""
# Of a deed that was decided again what counts is the last decision.
_ONE = """
select t.member_id, t.activity_id, t.sale_id, t.packed, r.packed as again
  from trail t
  left join lateral (
       select packed from restatement r
        where r.program_id = t.program_id and r.member_id = t.member_id
          and r.activity_id = t.activity_id
        order by restatement_id desc limit 1) r on true
 where t.program_id = $1 and t.member_id = $2 and t.activity_id = $3
"""


async def of_sales(
    tx: Tx, member_ids: Sequence[UUID], sale_ids: Sequence[UUID]
) -> dict[UUID, list[Trail]]:
    """The trails of these sales, of their returns, and of decisions that were made again."""
    found: dict[UUID, list[Trail]] = {}
    if not sale_ids:
        return found
    for trail in _whole(await tx.fetch(_OF_SALES, tx.program_id, member_ids, sale_ids)):
        found.setdefault(trail.sale_id or trail.activity_id, []).append(trail)
    return found


async def some(tx: Tx, member_id: UUID, activity_ids: Sequence[UUID]) -> list[Trail]:
    """The trails of these activities of a member."""
    return _whole(await tx.fetch(_SOME, tx.program_id, member_id, activity_ids))


async def one(tx: Tx, member_id: UUID, activity_id: UUID) -> Trail | None:
    """The trail of one activity, if rules ever saw it: of its last decision."""
    rows = await tx.fetch(_ONE, tx.program_id, member_id, activity_id)
    if not rows:
        return None
    trail, again = _of(rows[0]), rows[0]["again"]
    if again is None:
        return trail
    return replace(trail, steps=replace(unpack(again), member=trail.steps.member))


def _whole(rows: Sequence[Mapping[str, Any]]) -> list[Trail]:
    """The trails of these rows. What was decided again saw the same attributes as the first time;
    only the first trail keeps them, so that an erasure has one place to take them from."""
    found = [_of(row) for row in rows]
    saw = {trail.activity_id: trail.steps.member for trail in found if trail.sale_id is None}
    return [
        replace(trail, steps=replace(trail.steps, member=saw[trail.sale_id]))
        if trail.sale_id in saw and not trail.steps.member
        else trail
        for trail in found
    ]


def _of(row: Mapping[str, Any]) -> Trail:
    return Trail(row["activity_id"], row["member_id"], row["sale_id"], unpack(row["packed"]))
