"""What was booked with an event, and where its member stood right after each entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.insight.connected.events import PLACES, Move

# An event and the entries it tells of are of one transaction and one member. Ids are made while the
# member is held, so they lie close together and the keys of both tables find them among few.
_BOOKED: Final = f"""
select e.entry_id, e.member_id, e.kind, e.cause_id, e.recorded_at, e.actor, e.reason,
       s.delta, s.issued, coalesce(a.source, '') as source,
       coalesce(a.external_id, '') as external_id, coalesce(l.store, a.store, r.store, '') as store,
       f.bill_id, w.event_id
  from unnest($3::uuid[], $4::uuid[], $5::bigint[], $6::timestamptz[], $7::uuid[], $8::uuid[])
       as w (event_id, member_id, recorded_tx, recorded_at, first_id, last_id)
  join entry e on e.program_id = $1::int and e.member_id = w.member_id
              and e.entry_id between w.first_id and w.last_id
              and e.recorded_tx = w.recorded_tx and e.recorded_at = w.recorded_at
 cross join lateral (
       select coalesce(sum(p.amount) filter (where p.account in (1, 4)), 0)::bigint as delta,
              bool_or(p.account = 11) as issued
         from posting p
        where p.program_id = $1::int and p.entry_id = e.entry_id
          and p.member_id = e.member_id and p.wallet = $2::smallint
       having count(*) > 0) s
{PLACES}
 where s.delta <> 0 or e.kind = 'capture'
 order by e.entry_id
"""  # noqa: S608 - statements of ours
# What the books say now less what was booked after: little, as one hardly looks far back.
_STOOD: Final = """
select w.member_id, w.at_id,
       (coalesce(b.available, 0) - coalesce(b.debt, 0) - coalesce(s.moved, 0))::bigint as balance,
       (coalesce(b.earned, 0) + coalesce(s.taken, 0))::bigint as earned
  from unnest($3::uuid[], $4::uuid[]) as w (member_id, at_id)
  left join balance b on b.program_id = $1::int and b.member_id = w.member_id
                     and b.wallet = $2::smallint
  left join lateral (
       select sum(p.amount) filter (where p.account in (1, 4)) as moved,
              sum(p.amount) filter (where p.account = 11) as taken
         from entry e
         join posting p on p.program_id = e.program_id and p.entry_id = e.entry_id
                       and p.member_id = e.member_id and p.wallet = $2::smallint
        where e.program_id = $1::int and e.member_id = w.member_id and e.entry_id > w.at_id) s
    on true
"""
_APART_MS: Final = 360_000
"""Ids of one transaction are not further apart."""
_TOP: Final = 2**128 - 1


class Written(NamedTuple):
    """An event of ours: whose, and in which transaction it was written."""

    event_id: UUID
    member_id: UUID
    recorded_tx: int
    recorded_at: datetime


class Stood(NamedTuple):
    """What a member could spend less what they owed, and what they had earned in all."""

    balance: int
    earned: int


async def booked_with(tx: Tx, wallet: int, events: Sequence[Written]) -> dict[UUID, list[Move]]:
    """By event, what its transaction booked for its member in this wallet, in order."""
    found: dict[UUID, list[Move]] = {}
    if not events:
        return found
    columns = [list(column) for column in zip(*events, strict=True)]
    first = [id_later(one.event_id, -_APART_MS) for one in events]
    last = [id_later(one.event_id, _APART_MS) for one in events]
    for row in await tx.fetch(_BOOKED, tx.program_id, wallet, *columns, first, last):
        *move, event_id = row.values()
        found.setdefault(event_id, []).append(Move(*move))
    return found


async def stood(
    tx: Tx, wallet: int, when: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], Stood]:
    """Where these members stood in this wallet right after what was made under these ids.

    Shape: (member, id): what was booked under a later id is left out.
    """
    if not when:
        return {}
    columns = [list(column) for column in zip(*when, strict=True)]
    rows = await tx.fetch(_STOOD, tx.program_id, wallet, *columns)
    return {(row["member_id"], row["at_id"]): Stood(row["balance"], row["earned"]) for row in rows}


def id_later(id_: UUID, by_ms: int) -> UUID:
    """The first id of so many milliseconds later."""
    return UUID(int=min(max(0, ((id_.int >> 80) + by_ms) << 80), _TOP))
