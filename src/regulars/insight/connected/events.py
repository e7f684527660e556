"""What was booked in one wallet, as events whose points add up to the balance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx

# Of everybody, newest first: a look goes back over so many postings, by their key, and no further;
# otherwise one page would read the whole ledger. `delta` is what the member can spend more, or owes
# less.
_WINDOW: Final = """
select p.entry_id from posting p
 where p.program_id = $1::int
   and p.entry_id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
 order by p.entry_id desc limit $3::int
"""
_EVERYBODY: Final = """
select p.entry_id, p.member_id,
       coalesce(sum(p.amount) filter (where p.account in (1, 4)), 0)::bigint as delta,
       bool_or(p.account = 11) as issued
  from posting p
 where p.program_id = $1::int and p.wallet = $2::smallint and $3::uuid is null
   and p.entry_id = any($4::uuid[])
 group by p.entry_id, p.member_id
"""
_OWN: Final = """
select e.entry_id, e.member_id, s.delta, s.issued
  from {whose}entry e
 cross join lateral (
       select coalesce(sum(p.amount) filter (where p.account in (1, 4)), 0)::bigint as delta,
              bool_or(p.account = 11) as issued
         from posting p
        where p.program_id = e.program_id and p.entry_id = e.entry_id
          and p.member_id = e.member_id and p.wallet = $2::smallint
       having count(*) > 0) s
 where e.program_id = $1::int and e.member_id = {whom}
   and ($3::uuid is null or e.entry_id < $3::uuid)
   and ($9::uuid[] is null or e.cause_id = any($9::uuid[]))
"""
# Where an entry `e` was told, and for which bill it was. Each is looked up by its whole key, also
# by a plan made while the tables were small.
PLACES: Final = """  left join lateral (
       select a.source, a.external_id, a.store from activity a
        where a.program_id = e.program_id and a.member_id = e.member_id
          and a.activity_id = e.cause_id
          and e.kind not in ('hold', 'capture', 'void', 'adjust') limit 1) a on true
  left join lateral (
       select r.store from redemption r
        where r.program_id = e.program_id and r.member_id = e.member_id
          and r.redemption_id = e.cause_id and e.kind not in ('earn', 'adjust') limit 1) r on true
  left join lateral (
       select l.store from entry_place l
        where l.program_id = e.program_id and l.member_id = e.member_id
          and l.cause_id = e.cause_id and l.kind = e.kind limit 1) l on true
  left join lateral (
       select f.bill_id from bill_reward f
        where f.program_id = e.program_id and f.redemption_id = e.cause_id
          and e.kind = 'capture' limit 1) f on true"""
_TOLD: Final = """
select e.entry_id, e.member_id, e.kind, e.cause_id, e.recorded_at, e.actor, e.reason,
       b.delta, b.issued, coalesce(a.source, '') as source,
       coalesce(a.external_id, '') as external_id, coalesce(l.store, a.store, r.store, '') as store,
       f.bill_id
  from ({booked}) b
  join entry e on e.program_id = $1::int and e.member_id = b.member_id
              and e.entry_id = b.entry_id
{places}
 where (b.delta <> 0 or e.kind = 'capture')
   and ($5::text[] is null or e.kind = any($5::text[]))
   and ($6::timestamptz is null or e.recorded_at >= $6::timestamptz)
   and ($7::timestamptz is null or e.recorded_at < $7::timestamptz)
   and ($8::text[] is null or coalesce(l.store, a.store, r.store, '') = any($8::text[]))
   and ($9::uuid[] is null or e.cause_id = any($9::uuid[]))
 order by b.entry_id desc limit $10::int
"""
_OF_ALL: Final = _TOLD.format(places=PLACES, booked=_EVERYBODY)
# As whom somebody stands now is asked on the way, which by a statement of its own took a sixth of
# the time; as a table, since row-level security uses no index for what it takes a query to know.
_NOW: Final = """(
       select coalesce((select into_id from member_alias
                         where program_id = $1::int and member_id = $4::uuid),
                       $4::uuid) as member_id
       offset 0) w, """
_OF_ONE: Final = _TOLD.format(places=PLACES, booked=_OWN.format(whose="", whom="$4::uuid"))
_OF_SOME: Final = _TOLD.format(places=PLACES, booked=_OWN.format(whose="", whom="any($4::uuid[])"))
_OF_WHOEVER_IS_NOW: Final = _TOLD.format(
    places=PLACES, booked=_OWN.format(whose=_NOW, whom="w.member_id")
)
LOOK: Final = 1000
"""Over so many postings one look at everybody goes back."""


class Asked(Struct, frozen=True, omit_defaults=True):
    """Which of it is wanted; what is not said does not matter. `until` is exclusive."""

    members: Sequence[UUID] | None = None
    """Whose it is; nothing means everybody's."""
    account: UUID | None = None
    """Whose it is, as whoever they were merged into by now; instead of `members`."""
    kinds: Sequence[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    stores: Sequence[str] | None = None
    causes: Sequence[UUID] | None = None
    """Activities or redemptions that brought it about."""


class Move(NamedTuple):
    """One entry as far as it concerns a wallet."""

    entry_id: UUID
    member_id: UUID
    kind: str
    cause_id: UUID
    recorded_at: datetime
    actor: str
    reason: str
    delta: int
    """By so many points the balance rose; below nothing it fell."""
    issued: bool
    """The program gave or took them, not somebody's hand."""
    source: str
    external_id: str
    """The receipt of the activity behind it, where there is one."""
    store: str
    bill_id: UUID | None = None
    """Of a reward: the bill of a connected till that it is for."""


class Found(NamedTuple):
    """What one look found, newest first."""

    moves: list[Move]
    goes_on: UUID | None
    """Before which entry to look on; nothing where there is nothing older."""


async def moves(
    tx: Tx, wallet: int, asked: Asked, *, before: UUID | None = None, limit: int
) -> Found:
    """What was booked in this wallet, newest first, as far as a balance moved or a reward went out.

    Of everybody a look goes back over `LOOK` postings at most, so it may find nothing and go on.
    Example: the deltas of everything booked for a member add up to what they can spend, less what
    they owe.
    """
    if asked.account is not None:
        sql, goes_on = _OF_WHOEVER_IS_NOW, None
        among: tuple[UUID | None, Any] = (before, asked.account)
    elif asked.members is None:
        rows = await tx.fetch(_WINDOW, tx.program_id, before, LOOK)
        window = [row["entry_id"] for row in rows]
        goes_on = window[-1] if len(window) == LOOK else None
        sql = _OF_ALL
        among = (None, list(set(window)))
    else:
        one = len(asked.members) == 1
        sql, goes_on = _OF_ONE if one else _OF_SOME, None
        among = (before, asked.members[0] if one else list(asked.members))
    args: tuple[Any, ...] = (
        tx.program_id,
        wallet,
        *among,
        asked.kinds,
        asked.since,
        asked.until,
        asked.stores,
        asked.causes,
        limit,
    )
    found = [Move(*row.values()) for row in await tx.fetch(sql, *args)]
    return Found(found, found[-1].entry_id if len(found) == limit else goes_on)
