"""Read the books of members under lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.ledger.types import (
    BY_PROGRAM,
    GIVEN,
    Account,
    Balance,
    Entry,
    Lot,
    Posting,
)

# By their members, also where a plan was made while the table was small: the index of all open lots
# looks as good then, and an import of history makes it longer with every batch (ADR 0345).
_OPEN_LOTS = """
select lot_id, member_id, wallet, entry_id, cause_id, version, amount, remaining, pinned,
       earned_at, expires_at, state, activates_at, cancels_at
  from (select * from lot where program_id = $1 and member_id = any($2::uuid[]) offset 0) as l
 where remaining > 0
"""
FIRST: Final = 256
"""Lots of a wallet that are read for a redemption before all of them are."""
# Of a member with a hundred thousand lots, only those that will be spent leave the database.
_FIRST_LOTS = """
select l.lot_id, l.member_id, l.wallet, l.entry_id, l.cause_id, l.version, l.amount, l.remaining,
       l.pinned, l.earned_at, l.expires_at, l.state, l.activates_at, l.cancels_at
  from unnest($8::uuid[]) as m (member_id)
 cross join unnest($3::int[], $4::text[]) as w (wallet, spends)
 cross join lateral (
       select * from lot
        where program_id = $1 and member_id = m.member_id and wallet = w.wallet
          and remaining > pinned and expires_at > $5 and state = 'open'
        order by case w.spends when 'oldest' then earned_at end,
                 case w.spends when 'newest' then earned_at end desc,
                 expires_at, earned_at, lot_id
        limit $6) l
union all
select lot_id, member_id, wallet, entry_id, cause_id, version, amount, remaining, pinned,
       earned_at, expires_at, state, activates_at, cancels_at
  from lot
 where program_id = $1 and member_id = any($2::uuid[]) and remaining > 0
   and (expires_at <= $5 or state = 'pending'
        or (lot_id = any($7::uuid[]) and (remaining = pinned or member_id <> all($8::uuid[]))))
"""
# As whom these members ever stood, each merge as long as it was in force; also under somebody whom
# the one they were merged into was merged on into.
_STOOD = """
with recursive stood (who, as_id, since, until) as (
    select distinct member_id, member_id, '-infinity'::timestamptz, 'infinity'::timestamptz
      from unnest($2::uuid[]) as g (member_id)
     union
    select s.who, u.into_id, u.merged_at, coalesce(u.unmerged_at, 'infinity')
      from stood s
      join member_merge u on u.program_id = $1 and u.from_id = s.as_id
                         and u.merged_at >= s.since and u.merged_at <= s.until
)"""
# Of these activities, every lot that waited for an event, whatever became of it, also while its
# member stood under another one.
_UNCONFIRMED = f"""{_STOOD}
select lot_id, member_id, wallet, entry_id, cause_id, version, amount, remaining, pinned,
       earned_at, expires_at, state, activates_at, cancels_at
  from lot
 where program_id = $1 and cause_id = any($3::uuid[]) and cancels_at is not null
   and member_id = any(array(select as_id from stood))
 order by lot_id
"""  # noqa: S608 - statements of ours
# What left a sale's lots because it lapsed, or was cancelled while it was pending, also while its
# member stood under another one; for want of activity lots lapse before their end. What was given
# away and lapsed with somebody else does not count, whoever else is asked about. What lives again
# as points of that sale has not lapsed; before it was kept of which sale they are, they were not.
_LAPSED = f"""{_STOOD}, own as materialized (
select l.program_id, l.member_id, l.lot_id, l.cause_id, l.wallet
  from lot l
  join unnest($2::uuid[], $3::uuid[]) as g (member_id, cause_id) on g.cause_id = l.cause_id
 where l.program_id = $1 and l.cause_id = any($3::uuid[])
   and l.member_id = any(array(select as_id from stood))
   and l.remaining < l.amount
   and exists (select from stood s where s.who = g.member_id and s.as_id = l.member_id)
), gone as (
select l.cause_id, l.wallet, -m.delta as points
  from own l
  join lot_move m on m.program_id = l.program_id and m.member_id = l.member_id
                 and m.lot_id = l.lot_id
  join entry e on e.program_id = m.program_id and e.member_id = m.member_id
              and e.entry_id = m.entry_id and e.kind in ('expire', 'cancel')
union all
select l.cause_id, l.wallet, -c.points
  from own l
  join courtesy c on c.program_id = l.program_id and c.member_id = l.member_id
                 and c.lot_id = l.lot_id and c.kind = 'reinstate'
 where not exists (select from lot n where n.program_id = c.program_id
                      and n.member_id = c.member_id and n.entry_id = c.entry_id
                      and n.cause_id <> l.cause_id)
)
select cause_id, wallet, sum(points)::bigint as points from gone
 group by cause_id, wallet having sum(points) <> 0
"""  # noqa: S608 - statements of ours

# Of each redemption what was taken of which lot when it was handed over, and what came back.
_SPENT = """
with captured as (
    select e.member_id, e.cause_id as redemption_id, e.entry_id as capture_id
      from entry e
     where e.program_id = $1 and e.member_id = any($2::uuid[]) and e.cause_id = any($3::uuid[])
       and e.kind = 'capture'
)
select c.redemption_id, c.capture_id, m.lot_id, -m.delta as taken,
       coalesce((select sum(b.delta)
                   from entry r
                   join lot_move b on b.program_id = r.program_id and b.entry_id = r.entry_id
                                  and b.member_id = r.member_id and b.lot_id = m.lot_id
                  where r.program_id = $1 and r.member_id = c.member_id
                    and r.reverses = c.capture_id), 0)::bigint as back
  from captured c
  join lot_move m on m.program_id = $1 and m.entry_id = c.capture_id
                 and m.member_id = c.member_id
"""
_LOTS = """
select lot_id, member_id, wallet, entry_id, cause_id, version, amount, remaining, pinned,
       earned_at, expires_at, state, activates_at, cancels_at
  from lot where program_id = $1 and member_id = any($2::uuid[]) and lot_id = any($3::uuid[])
"""


class Taken(NamedTuple):
    """What was taken of a lot when a redemption was handed over, and what came back of it."""

    redemption_id: UUID
    capture_id: UUID
    lot_id: UUID
    points: int
    back: int


async def spent(
    tx: Tx, member_ids: Sequence[UUID], redemption_ids: Sequence[UUID]
) -> tuple[list[Taken], list[Lot]]:
    """What these redemptions took, lot by lot, and those lots, whatever is left of them."""
    rows = await tx.fetch(_SPENT, tx.program_id, member_ids, redemption_ids)
    taken = [Taken(*row.values()) for row in rows]
    lot_ids = sorted({one.lot_id for one in taken})
    found = await tx.fetch(_LOTS, tx.program_id, member_ids, lot_ids) if lot_ids else []
    return taken, [Lot(*row.values()) for row in found]


# Newest first, by the order of their ids, which is the order in which they were decided.
_BY_ITSELF: Final = ", ".join(f"'{one}'" for one in BY_PROGRAM)
TOLD_AS: Final = (
    f"case when kind = 'adjust' and (actor in ({_BY_ITSELF}) or starts_with(actor, 'plan:'))"
    f" then '{GIVEN}' else kind end"
)
"""As which sort an entry is asked for."""
_ENTRIES = f"""
select e.entry_id, e.kind, e.cause_id, e.reverses, e.occurred_at, e.recorded_at, e.actor, e.reason,
       p.wallets, p.accounts, p.amounts
  from entry e
  join lateral (
       select array_agg(wallet order by line) wallets, array_agg(account order by line) accounts,
              array_agg(amount order by line) amounts
         from posting where program_id = e.program_id and member_id = e.member_id
                        and entry_id = e.entry_id) p on true
 where e.program_id = $1 and e.member_id = $2 and ($3::uuid is null or e.entry_id < $3::uuid)
   and ($5::text[] is null or {TOLD_AS} = any($5::text[]))
 order by e.entry_id desc limit $4
"""  # noqa: S608
# Of lots by id, also empty ones: what is left, what lapsed of it and what of that lives again.
_LOT_LIVES = """
select l.lot_id, l.member_id, l.wallet, l.entry_id, l.cause_id, l.version, l.amount, l.remaining,
       l.pinned, l.earned_at, l.expires_at, l.state, l.activates_at, l.cancels_at,
       (select coalesce(-sum(m.delta), 0)::bigint from lot_move m
          join entry e on e.program_id = m.program_id and e.member_id = m.member_id
                      and e.entry_id = m.entry_id and e.kind = 'expire'
         where m.program_id = l.program_id and m.member_id = l.member_id
           and m.lot_id = l.lot_id) as lapsed,
       (select coalesce(sum(c.points), 0)::bigint from courtesy c
         where c.program_id = l.program_id and c.member_id = l.member_id
           and c.lot_id = l.lot_id and c.kind = 'reinstate') as again
  from lot l
 where l.program_id = $1 and l.member_id = any($2::uuid[]) and l.lot_id = any($3::uuid[])
"""
_TAKES = """
select (select count(*) from lot_move m
          join entry e on e.program_id = m.program_id and e.member_id = m.member_id
                      and e.entry_id = m.entry_id and e.kind not in ('expire', 'unmerge', 'cancel')
         where m.program_id = $1 and e.program_id = $1 and e.member_id = $2 and m.delta < 0)
     + (select count(*) from hold where program_id = $1 and member_id = $2)
     + (select count(*) from entry where program_id = $1 and member_id = $2 and kind = 'return')
    as takes
"""
_LOTS_PAGE = """
select lot_id, member_id, wallet, entry_id, cause_id, version, amount, remaining, pinned,
       earned_at, expires_at, state, activates_at, cancels_at
  from lot
 where program_id = $1 and member_id = $2 and remaining > 0
   and ($3::timestamptz is null or (expires_at, earned_at, lot_id)
        > ($3::timestamptz, $4::timestamptz, $5::uuid))
 order by expires_at, earned_at, lot_id limit $6
"""
_OUTSTANDING = """
select wallet, sum(available + pending + held)::bigint as points
  from balance where program_id = $1 group by wallet
"""

# Both bounds include their instant: an expiry is dated at the first instant at which the points
# are gone. Program-side accounts but `issued` (11) are left to the members' side they balance.
_HELD = """
select e.member_id, p.wallet, p.account, sum(p.amount)::bigint as points
  from entry e
  join posting p on p.program_id = e.program_id and p.member_id = e.member_id
                and p.entry_id = e.entry_id
 where e.program_id = $1 and e.member_id = any($2::uuid[])
   and p.account in (1, 2, 3, 4, 11)
   and ($3::timestamptz is null or e.occurred_at <= $3)
   and ($4::timestamptz is null or e.recorded_at <= $4)
 group by e.member_id, p.wallet, p.account
"""
_FIELDS: Final[dict[int, tuple[str, int]]] = {
    Account.AVAILABLE: ("available", 1),
    Account.PENDING: ("pending", 1),
    Account.HELD: ("held", 1),
    Account.DEBT: ("debt", -1),
    Account.ISSUED: ("earned", -1),
}


class LotLife(NamedTuple):
    """A lot, how much of it lapsed in all, and how much of that lives again."""

    lot: Lot
    lapsed: int
    again: int


class Booked(NamedTuple):
    """An entry as it was booked, and when."""

    entry: Entry
    recorded_at: datetime


async def open_lots(tx: Tx, member_ids: Sequence[UUID]) -> list[Lot]:
    """Every lot of these members that still holds something."""
    if not member_ids:
        return []
    rows = await tx.fetch(_OPEN_LOTS, tx.program_id, member_ids)
    return [Lot(*row.values()) for row in rows]


async def lot_lives(
    tx: Tx, member_ids: Sequence[UUID], lot_ids: Sequence[UUID]
) -> dict[UUID, LotLife]:
    """These lots of these members, empty ones too; their members' standing must be locked."""
    rows = await tx.fetch(_LOT_LIVES, tx.program_id, member_ids, lot_ids)
    found = [(*row.values(),) for row in rows]
    return {row[0]: LotLife(Lot(*row[:-2]), row[-2], row[-1]) for row in found}


async def takes(tx: Tx, member_id: UUID) -> int:
    """How often anything was taken from this member, apart from what lapsed or was cancelled.

    Keeps: it only grows; so the same number twice means that nothing was taken in between.
    """
    rows = await tx.fetch(_TAKES, tx.program_id, member_id)
    return int(rows[0]["takes"])


async def first_lots(
    tx: Tx,
    members: tuple[Sequence[UUID], Sequence[UUID]],
    orders: Sequence[tuple[int, str]],
    reserved: Sequence[UUID],
) -> list[Lot]:
    """The lots a redemption looks at: of each wallet the first ones in the order it spends them,
    all whose time is over, and those `reserved` by holds that end.

    Shape: `members` are all, and those of them who want to spend: only theirs are the first ones.
    `orders` are wallet and spending order; at most FIRST of each wallet that still live.
    """
    all_, wanting = members
    wallets, spends = [wallet for wallet, _ in orders], [order for _, order in orders]
    args = (tx.program_id, all_, wallets, spends, tx.now, FIRST, reserved, wanting)
    return [Lot(*row.values()) for row in await tx.fetch(_FIRST_LOTS, *args)]


async def unconfirmed(
    tx: Tx, member_ids: Sequence[UUID], cause_ids: Sequence[UUID]
) -> dict[UUID, list[Lot]]:
    """The lots of these activities that waited for an event, also those that no longer do."""
    found: dict[UUID, list[Lot]] = {}
    for row in await tx.fetch(_UNCONFIRMED, tx.program_id, member_ids, cause_ids):
        lot = Lot(*row.values())
        found.setdefault(lot.cause_id, []).append(lot)
    return found


async def lapsed(tx: Tx, owners: Mapping[UUID, UUID]) -> dict[UUID, dict[int, int]]:
    """How many points that something gave lapsed or were cancelled, per wallet.

    Shape: `owners` says of each activity or entry to whom it gave them.
    Keeps: only with them, and with those they were merged into: what they gave away to others and
    lapsed there is not told.
    """
    found: dict[UUID, dict[int, int]] = {}
    if not owners:
        return found
    rows = await tx.fetch(_LAPSED, tx.program_id, list(owners.values()), list(owners))
    for row in rows:
        found.setdefault(row["cause_id"], {})[row["wallet"]] = row["points"]
    return found


async def entries(
    tx: Tx,
    member_id: UUID,
    *,
    before: UUID | None,
    limit: int,
    kinds: Sequence[str] | None = None,
) -> list[Booked]:
    """What was booked for a member with both its sides, newest first; all, or of some kinds."""
    rows = await tx.fetch(_ENTRIES, tx.program_id, member_id, before, limit, kinds)
    return [_booked(member_id, row) for row in rows]


async def lots(
    tx: Tx, member_id: UUID, *, after: tuple[datetime, datetime, UUID] | None, limit: int
) -> list[Lot]:
    """A member's lots that still hold something, in the order they are spent."""
    expires_at, earned_at, lot_id = after or (None, None, None)
    args = (tx.program_id, member_id, expires_at, earned_at, lot_id, limit)
    return [Lot(*row.values()) for row in await tx.fetch(_LOTS_PAGE, *args)]


async def outstanding(tx: Tx) -> dict[int, int]:
    """What all members hold together, per wallet."""
    rows = await tx.fetch(_OUTSTANDING, tx.program_id)
    return {row["wallet"]: row["points"] for row in rows}


async def balances_at(
    tx: Tx,
    member_ids: Sequence[UUID],
    *,
    as_of: datetime | None = None,
    as_known: datetime | None = None,
) -> dict[UUID, dict[int, Balance]]:
    """What these members held at `as_of`, by what was booked until `as_known`, per wallet.

    Shape: wallets in which nothing had moved are left out. No bound means everything.
    Example: a sale of Monday told on Wednesday counts on Tuesday as known on Thursday, and does
    not as known on Tuesday.
    """
    found: dict[UUID, dict[int, Balance]] = {member_id: {} for member_id in member_ids}
    for row in await tx.fetch(_HELD, tx.program_id, member_ids, as_of, as_known):
        balance = found[row["member_id"]].setdefault(row["wallet"], Balance())
        field, sign = _FIELDS[row["account"]]
        setattr(balance, field, sign * row["points"])
    return found


def _booked(member_id: UUID, row: Mapping[str, Any]) -> Booked:
    sides = zip(row["wallets"], row["accounts"], row["amounts"], strict=True)
    entry = Entry(
        entry_id=row["entry_id"],
        member_id=member_id,
        kind=row["kind"],
        cause_id=row["cause_id"],
        occurred_at=row["occurred_at"],
        postings=tuple(Posting(*side) for side in sides),
        actor=row["actor"],
        reason=row["reason"],
        reverses=row["reverses"],
    )
    return Booked(entry, row["recorded_at"])
