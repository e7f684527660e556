"""Rewards that members took, as a list that can be gone through."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple, get_args
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.rewards.read import from_row
from regulars.records.rewards.types import Redemption, RedemptionState

# Of one member by what is theirs; of everybody each state in the order of its index, so that a page
# costs a page however many rewards there are.
_WANTED: Final = """
select redemption_id, member_id, reward, version, terms::text as terms, state, store, channel,
       actor, opened_at, lapses_at, closed_at, paid_for
  from {among}
 order by coalesce(closed_at, opened_at) desc, redemption_id desc limit $5::int
"""
_AMONG: Final = """
redemption
 where program_id = $1::int and state {state} and reward <> ''
   and (coalesce(closed_at, opened_at), redemption_id)
     < (coalesce($3::timestamptz, 'infinity'),
        coalesce($4::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
"""
_EACH: Final = """
unnest($2::text[]) as wanted
 cross join lateral (
       select * from {among}
        order by coalesce(closed_at, opened_at) desc, redemption_id desc limit $5::int) as each
"""
_OF_ONE: Final = _WANTED.format(
    among=_AMONG.format(
        state="""= any($2::text[])
   and member_id = any(array(
        select $6::uuid union all
        select member_id from member_alias where program_id = $1::int and into_id = $6::uuid))"""
    )
)
OF_ALL: Final = _WANTED.format(among=_EACH.format(among=_AMONG.format(state="= wanted")))
_STATES: Final = get_args(RedemptionState)

_REWARDS: Final = """
select redemption_id from redemption
 where program_id = $1::int and redemption_id = any($2::uuid[]) and reward <> ''
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
    args = (tx.program_id, list(states or _STATES), *(before or (None, None)), limit)
    own = () if member is None else (member,)
    rows = await tx.fetch(_OF_ONE if own else OF_ALL, *args, *own)
    return [from_row(row) for row in rows]


async def rewards_among(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these ids are rewards.

    Example: points that were paid with are a redemption too, and no reward.
    """
    rows = await tx.fetch(_REWARDS, tx.program_id, ids)
    return {row["redemption_id"] for row in rows}
