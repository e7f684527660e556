"""Read redemptions, and stock under lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.rewards.types import Promised, Redemption

_WHOSE = """
select redemption_id, member_id from redemption
 where program_id = $1 and redemption_id = any($2::uuid[])
"""
_OPEN = """
select redemption_id, member_id from redemption
 where program_id = $1 and member_id = any($2::uuid[]) and state = 'held'
"""
_SOME = """
select redemption_id, member_id, reward, version, terms::text as terms, state, store, channel,
       actor, opened_at, lapses_at, closed_at, paid_for
  from redemption
 where program_id = $1 and member_id = any($2::uuid[]) and redemption_id = any($3::uuid[])
"""
_LOCK_STOCK = """
select reward, remaining from reward_stock
 where program_id = $1 and reward = any($2::text[]) order by reward for update
"""
_STOCK = "select reward, remaining from reward_stock where program_id = $1"
_decode = msgspec.json.Decoder(Promised).decode


def from_row(row: Mapping[str, Any]) -> Redemption:
    """One row as a value."""
    fields = dict(row)
    return Redemption(promised=_decode(fields.pop("terms")), **fields)


async def whose(tx: Tx, redemption_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The member of each of these redemptions."""
    if not redemption_ids:
        return {}
    rows = await tx.fetch(_WHOSE, tx.program_id, redemption_ids)
    return {row["redemption_id"]: row["member_id"] for row in rows}


async def open_of(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Redemptions of these members that are neither handed over nor given back."""
    rows = await tx.fetch(_OPEN, tx.program_id, member_ids)
    return {row["redemption_id"]: row["member_id"] for row in rows}


async def some(
    tx: Tx, member_ids: Sequence[UUID], redemption_ids: Sequence[UUID]
) -> dict[UUID, Redemption]:
    """These redemptions of these members."""
    if not redemption_ids:
        return {}
    rows = await tx.fetch(_SOME, tx.program_id, member_ids, redemption_ids)
    return {row["redemption_id"]: from_row(row) for row in rows}


async def lock_stock(tx: Tx, rewards: Sequence[str]) -> dict[str, int]:
    """Hold the stock of these rewards, in order of their names, and say what is left."""
    if not rewards:
        return {}
    rows = await tx.fetch(_LOCK_STOCK, tx.program_id, sorted(set(rewards)))
    return {row["reward"]: row["remaining"] for row in rows}


async def stock(tx: Tx) -> dict[str, int]:
    """What is left of rewards that run out; only to look at, it is not held."""
    rows = await tx.fetch(_STOCK, tx.program_id)
    return {row["reward"]: row["remaining"] for row in rows}
