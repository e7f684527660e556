"""Rewards that members took, as a list that can be gone through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.rewards.read import from_row
from regulars.records.rewards.types import Redemption

_TAKEN: Final = """
select redemption_id, member_id, reward, version, terms::text as terms, state, store, channel,
       actor, opened_at, lapses_at, closed_at, paid_for
  from redemption
 where program_id = $1::int and reward <> ''
   and ($2::uuid is null or member_id = $2::uuid or member_id in (
       select member_id from member_alias where program_id = $1::int and into_id = $2::uuid))
   and ($3::text[] is null or state = any($3::text[]))
   and ($4::timestamptz is null
        or (coalesce(closed_at, opened_at), redemption_id) < ($4::timestamptz, $5::uuid))
 order by coalesce(closed_at, opened_at) desc, redemption_id desc limit $6::int
"""


class Place(NamedTuple):
    """Where a page of redemptions ended."""

    changed_at: datetime
    redemption_id: UUID


async def taken(
    tx: Tx,
    member: UUID | None,
    states: Sequence[str] | None,
    *,
    before: Place | None = None,
    limit: int,
) -> list[Redemption]:
    """Redemptions, of a member with whoever was merged into them or of all.

    Whichever changed last first.
    """
    at, id_ = before or (None, None)
    args = (tx.program_id, member, None if states is None else list(states), at, id_, limit)
    return [from_row(row) for row in await tx.fetch(_TAKEN, *args)]
