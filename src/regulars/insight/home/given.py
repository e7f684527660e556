"""What was handed over and used lately: rewards, benefits, codes."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.ids import first_id
from regulars.base.tx import Tx

# Ids grow with time, so the newest are at the end of the index.
_USED: Final = """
select benefit, count(*) as times, count(distinct coalesce(into_id, member_id)) as members
  from benefit_use left join member_alias using (program_id, member_id)
 where program_id = $1::int and use_id >= $2::uuid and state <> 'undone'
 group by benefit
"""
_USES: Final = """
select u.use_id, u.member_id, u.benefit, u.store, u.used_at, u.state,
       u.grant_id is not null as by_grant, u.from_at,
       coalesce((u.terms ->> 'guests')::int, 0) as guests,
       m.given_name, m.family_name, m.number
  from benefit_use u
  join member m on m.program_id = u.program_id and m.member_id = u.member_id
 where u.program_id = $1::int and ($2::text = '' or u.benefit = $2::text)
   and u.use_id >= $3::uuid
 order by u.use_id desc limit $4::int
"""
_HANDED: Final = """
select reward, count(*) as times from redemption
 where program_id = $1::int and redemption_id >= $2::uuid and state = 'captured' group by reward
"""
_CLOSED: Final = """
select code, printed, state, closed_at, store, actor, reason from reward_code
 where program_id = $1::int and reward = $2::text and closed_at >= $3::timestamptz
 order by closed_at desc, code_id limit $4::int
"""
_RUNS: Final = """
select run_id, kind, times, actor, reason, made_at from code_run
 where program_id = $1::int and reward = $2::text order by made_at desc, run_id desc limit $3::int
"""


class Used(NamedTuple):
    """How often a benefit was used, and by how many members."""

    times: int
    members: int


class Use(NamedTuple):
    """One use of a benefit, and by whom."""

    use_id: UUID
    member_id: UUID
    benefit: str
    store: str
    used_at: datetime
    state: str
    by_grant: bool
    from_at: datetime | None
    """Of an appointment: when it begins."""
    guests: int
    given_name: str
    family_name: str
    number: str


class CodeClosed(NamedTuple):
    """A code that was used or withdrawn."""

    code: str
    printed: str
    state: str
    closed_at: datetime
    store: str
    actor: str
    reason: str


class CodesCame(NamedTuple):
    """Codes that came at once."""

    run_id: UUID
    kind: str
    times: int
    actor: str
    reason: str
    made_at: datetime


async def used(tx: Tx, since: datetime) -> dict[str, Used]:
    """How often each benefit was used since then; those that were not are left out."""
    rows = await tx.fetch(_USED, tx.program_id, first_id(since - tx.ahead))
    return {row["benefit"]: Used(row["times"], row["members"]) for row in rows}


async def uses(tx: Tx, benefit: str, since: datetime, most: int) -> list[Use]:
    """Uses since then, the latest first; of one benefit, or of all."""
    rows = await tx.fetch(_USES, tx.program_id, benefit, first_id(since - tx.ahead), most)
    return [Use(*row.values()) for row in rows]


async def handed_over(tx: Tx, since: datetime) -> dict[str, int]:
    """How many pieces of each reward were reserved since then and handed over."""
    rows = await tx.fetch(_HANDED, tx.program_id, first_id(since - tx.ahead))
    return {row["reward"]: row["times"] for row in rows}


async def closed_codes(tx: Tx, reward: str, since: datetime, most: int) -> list[CodeClosed]:
    """Codes of a reward that were used or withdrawn since then, the latest first."""
    rows = await tx.fetch(_CLOSED, tx.program_id, reward, since, most)
    return [CodeClosed(*row.values()) for row in rows]


async def runs(tx: Tx, reward: str, most: int) -> list[CodesCame]:
    """Codes that came at once, the latest first."""
    rows = await tx.fetch(_RUNS, tx.program_id, reward, most)
    return [CodesCame(*row.values()) for row in rows]
