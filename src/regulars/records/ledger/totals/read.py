"""What all members have together, and whose balance lies between two prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.ledger.types import Account

_OUTSTANDING = """
select wallet, sum(available + pending + held)::bigint as units
  from balance where program_id = $1 group by wallet
"""
# A reward that is no more costs more than anybody can have.
_OUT_OF_REACH = """
select r.reward, count(*) as members
  from unnest($2::text[], $3::smallint[], $4::bigint[], $5::bigint[])
           as r (reward, wallet, was, is_)
  join balance b on b.program_id = $1 and b.wallet = r.wallet
 where b.available >= r.was and b.available < r.is_
 group by r.reward order by r.reward
"""

# How many of these instants had come when something was earned: as in insight/home/owed.py.
_SINCE = """
select wallet, (select count(*)::int from unnest($2::timestamptz[]) as s (since)
                 where s.since <= earned_at) as band,
       sum(remaining)::bigint as units
  from lot where program_id = $1::int and remaining > 0
 group by wallet, band
"""
_HOLDERS = """
select wallet, count(*)::int as members, sum(available + pending + held)::bigint as units
  from balance where program_id = $1::int and wallet = any($2::smallint[])
   and available + pending + held > 0
 group by wallet
"""
# A member may owe some, and have nothing; and what anybody ever had left a lot behind, or a debt.
_HAD = """
select w.wallet,
       (select count(*)::int from balance b
         where b.program_id = $1::int and b.wallet = w.wallet
           and b.available + b.pending + b.held + b.debt > 0) as members,
       exists (select from balance b
                where b.program_id = $1::int and b.wallet = w.wallet
                  and b.available + b.pending + b.held + b.debt + b.earned > 0)
       or exists (select from lot l where l.program_id = $1::int and l.wallet = w.wallet) as ever
  from unnest($2::smallint[]) as w (wallet)
"""
_AFTER = """
select wallet, sum(amount)::bigint as units from posting
 where program_id = $1::int and member_id = $2::uuid and account = $4::smallint
   and ($3::uuid is null or entry_id < $3::uuid)
 group by wallet
"""
_ADJUSTED = """
select p.entry_id, p.wallet, sum(p.amount)::bigint as units
  from unnest($2::uuid[], $3::uuid[]) as g (member_id, entry_id)
  join posting p on p.program_id = $1::int and p.member_id = g.member_id
                and p.entry_id = g.entry_id and p.account = $4::smallint
 group by p.entry_id, p.wallet
"""


class Repriced(NamedTuple):
    """A reward of one wallet that costs more than it did, in smallest units."""

    reward: str
    wallet: int
    was: int
    is_: int


async def outstanding(tx: Tx) -> dict[int, int]:
    """What all members have together, per wallet: available, pending and held."""
    rows = await tx.fetch(_OUTSTANDING, tx.program_id)
    return {row["wallet"]: row["units"] for row in rows}


async def outstanding_since(tx: Tx, changes: Sequence[datetime]) -> dict[tuple[int, int], int]:
    """The same from the lots, apart by how many of these instants had come when it was earned."""
    rows = await tx.fetch(_SINCE, tx.program_id, list(changes))
    return {(row["wallet"], row["band"]): row["units"] for row in rows}


async def holders(tx: Tx, wallets: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many members have something of these wallets, and how much together."""
    if not wallets:
        return {}
    rows = await tx.fetch(_HOLDERS, tx.program_id, list(wallets))
    return {row["wallet"]: (row["members"], row["units"]) for row in rows}


async def had(tx: Tx, wallets: Sequence[int]) -> dict[int, tuple[int, bool]]:
    """How many members have something of each of these wallets or owe some, and whether anybody
    ever had anything of it."""
    rows = await tx.fetch(_HAD, tx.program_id, list(wallets)) if wallets else []
    return {row["wallet"]: (row["members"], row["ever"]) for row in rows}


async def out_of_reach(tx: Tx, rewards: Sequence[Repriced]) -> dict[str, int]:
    """How many members could take each reward before and cannot now; rewards of nobody left out."""
    if not rewards:
        return {}
    columns = map(list, zip(*rewards, strict=True))
    rows = await tx.fetch(_OUT_OF_REACH, tx.program_id, *columns)
    return {row["reward"]: row["members"] for row in rows}


async def adjusted(tx: Tx, entries: Mapping[UUID, UUID]) -> dict[UUID, dict[int, int]]:
    """How much each of these entries took by hand, with whose they are, per wallet."""
    found: dict[UUID, dict[int, int]] = {}
    if entries:
        args = (list(entries.values()), list(entries), Account.ADJUSTED)
        for row in await tx.fetch(_ADJUSTED, tx.program_id, *args):
            found.setdefault(row["entry_id"], {})[row["wallet"]] = row["units"]
    return found


async def balances_before(tx: Tx, member_id: UUID, before: UUID | None) -> dict[int, int]:
    """What a member could spend of each wallet when everything before this entry was booked."""
    args = (tx.program_id, member_id, before, Account.AVAILABLE)
    return {row["wallet"]: row["units"] for row in await tx.fetch(_AFTER, *args)}
