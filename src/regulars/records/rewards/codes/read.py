"""Read codes: by what is shown at a till, by redemption, by member, and what a pool still has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.rewards.codes.types import RewardCode
from regulars.records.rewards.types import Promised

_COLUMNS = """c.code_id, c.member_id, c.reward, c.code, c.printed, c.run_id, c.redemption_id,
       c.state, c.issued_at, c.ends_at, c.closed_at, c.store, c.channel,
       coalesce(r.terms, case when u.kind = 'issued' then u.terms end)::text as terms"""
_BESIDE = """
  left join redemption r on r.program_id = c.program_id and r.redemption_id = c.redemption_id
  left join code_run u on u.program_id = c.program_id and u.run_id = c.run_id
"""
_LOOK_UP = f"""
select {_COLUMNS} from reward_code c {_BESIDE}
 where c.program_id = $1 and c.code = any($2::text[])
"""  # noqa: S608
_LOCK = """
select code_id from reward_code
 where program_id = $1 and code_id = any($2::uuid[]) order by code_id for update
"""
_BY_ID = f"""
select {_COLUMNS} from reward_code c {_BESIDE}
 where c.program_id = $1 and c.code_id = any($2::uuid[])
"""  # noqa: S608
_PAGE = f"""
select {_COLUMNS} from reward_code c {_BESIDE}
 where c.program_id = $1
   and c.member_id in (select $2::uuid union all
                       select member_id from member_alias where program_id = $1 and into_id = $2)
   and ($3::uuid is null or c.code_id < $3)
 order by c.code_id desc limit $4
"""  # noqa: S608
_OF_REDEMPTIONS = """
select redemption_id, code, printed, ends_at from reward_code
 where program_id = $1 and redemption_id = any($2::uuid[])
"""
_FOR_REDEMPTIONS = """
select code_id from reward_code where program_id = $1 and redemption_id = any($2::uuid[])
"""
_OF_RUN = """
select code, printed, member_id, ends_at from reward_code
 where program_id = $1 and run_id = $2::uuid
 order by code_id
"""
_NEXT_FREE = """
select code_id from reward_code
 where program_id = $1 and reward = $2::text and state = 'free' order by code_id limit $3
"""
_TAKEN = "select code from reward_code where program_id = $1 and code = any($2::text[])"
_LEFT = """
select reward, count(*) filter (where state = 'free') as free,
       count(*) filter (where state = 'issued') as issued,
       count(*) filter (where state = 'used') as used,
       count(*) filter (where state = 'withdrawn') as withdrawn
  from reward_code where program_id = $1 group by reward order by reward
"""
_terms = msgspec.json.Decoder(Promised).decode


async def look_up(tx: Tx, codes: Sequence[str]) -> dict[str, RewardCode]:
    """These codes, folded, with what they are worth; nothing is locked."""
    rows = await tx.fetch(_LOOK_UP, tx.program_id, sorted(set(codes)))
    return {row["code"]: _code(row) for row in rows}


async def hold(tx: Tx, code_ids: Sequence[UUID]) -> dict[UUID, RewardCode]:
    """Lock these codes in the order of their ids, then read how they stand."""
    if not code_ids:
        return {}
    await tx.fetch(_LOCK, tx.program_id, sorted(set(code_ids)))
    rows = await tx.fetch(_BY_ID, tx.program_id, sorted(set(code_ids)))
    return {row["code_id"]: _code(row) for row in rows}


async def hold_of(tx: Tx, redemption_ids: Sequence[UUID]) -> dict[UUID, RewardCode]:
    """Lock the codes that were handed over for these redemptions; by redemption."""
    rows = await tx.fetch(_FOR_REDEMPTIONS, tx.program_id, list(redemption_ids))
    held = await hold(tx, [row["code_id"] for row in rows])
    return {one.redemption_id: one for one in held.values() if one.redemption_id is not None}


async def some(tx: Tx, code_ids: Sequence[UUID]) -> list[RewardCode]:
    """These codes as they stand, newest first; nothing is locked."""
    rows = await tx.fetch(_BY_ID, tx.program_id, code_ids) if code_ids else []
    return sorted((_code(row) for row in rows), key=lambda one: one.code_id, reverse=True)


async def page(tx: Tx, member_id: UUID, before: UUID | None, limit: int) -> list[RewardCode]:
    """The codes of a member, newest first."""
    rows = await tx.fetch(_PAGE, tx.program_id, member_id, before, limit)
    return [_code(row) for row in rows]


async def of_redemptions(tx: Tx, redemption_ids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """The code that was handed over for each of these redemptions."""
    rows = await tx.fetch(_OF_REDEMPTIONS, tx.program_id, redemption_ids)
    return {row["redemption_id"]: row for row in rows}


async def of_run(tx: Tx, run_id: UUID) -> Sequence[Mapping[str, Any]]:
    """The codes that came with a run, in the order in which they were made."""
    return await tx.fetch(_OF_RUN, tx.program_id, run_id)


async def next_free(tx: Tx, reward: str, count: int) -> list[UUID]:
    """The next codes of a pool; its shelf must be held, so that nobody else takes them."""
    rows = await tx.fetch(_NEXT_FREE, tx.program_id, reward, count)
    return [row["code_id"] for row in rows]


async def taken(tx: Tx, codes: Sequence[str]) -> set[str]:
    """Which of these are there already."""
    return {row["code"] for row in await tx.fetch(_TAKEN, tx.program_id, codes)}


async def left(tx: Tx) -> Sequence[Mapping[str, Any]]:
    """How many codes of each reward are free, issued, used and withdrawn."""
    return await tx.fetch(_LEFT, tx.program_id)


def _code(row: Mapping[str, Any]) -> RewardCode:
    fields = dict(row)
    terms = fields.pop("terms")
    return RewardCode(promised=None if terms is None else _terms(terms), **fields)
