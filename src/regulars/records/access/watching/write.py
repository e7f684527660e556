"""Keep adjustments that wait, count what is given by hand, and raise alerts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from regulars.base.alone import Alone, waiting_for_one
from regulars.base.tx import Tx, Write
from regulars.records.access.watching.types import AdjustmentRequest

_ASK = """
insert into adjustment_request (program_id, request_id, member_id, wallet, units, reason, asked_by,
                                asked_at, state, expires_on)
values ($1::int, $2::uuid, $3::uuid, $4::text, $5::bigint, $6::text, $7::uuid, $8::timestamptz,
        'waiting', $9::text)
"""
_HOLD = """
select request_id, member_id, wallet, units, reason, asked_by, asked_at, state, decided_by,
       decided_at, entry_id, note, expires_on
  from adjustment_request
 where program_id = $1::int and request_id = any($2::uuid[])
 order by request_id for update
"""
_DECIDE = """
update adjustment_request r
   set state = d.state, decided_by = d.decided_by, decided_at = $2::timestamptz,
       entry_id = d.entry_id, note = d.note
  from unnest($3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::text[])
       as d (request_id, state, decided_by, entry_id, note)
 where r.program_id = $1::int and r.request_id = d.request_id and r.state = 'waiting'
"""
# A name is locked and not a row, so that the first two of a month wait for each other too.
_HOLD_BUDGET = waiting_for_one(Alone.GOODWILL)
_BUDGETS = """
select g.staff_id, g.wallet, g.month_on, g.given
  from goodwill g
  join unnest($2::uuid[], $3::text[], $4::date[]) as k (staff_id, wallet, month_on)
       using (staff_id, wallet, month_on)
 where g.program_id = $1::int
"""
_GIVE = """
insert into goodwill as g (program_id, staff_id, wallet, month_on, given)
select $1::int, k.staff_id, k.wallet, k.month_on, k.given
  from unnest($2::uuid[], $3::text[], $4::date[], $5::bigint[])
       as k (staff_id, wallet, month_on, given)
    on conflict (program_id, staff_id, wallet, month_on) do update set given = excluded.given
"""
# Somebody earned again and again in one store within so many minutes.
_VELOCITY = """
with busy as (
    select member_id, store from activity
     where program_id = $1::int and activity_id >= $2::uuid
       and recorded_at > $3::timestamptz and kind <> 'return'
       and member_id <> '00000000-0000-0000-0000-000000000000'
     group by member_id, store having count(*) > $6::bigint
)
insert into alert (program_id, alert_id, kind, subject, place, began_at, count, out_of, raised_at)
select $1::int, gen_random_uuid(), 'velocity', f.member_id::text, f.store, f.began_at, f.times,
       f.times, $5::timestamptz
  from (select distinct on (w.member_id, w.store) w.member_id, w.store, w.began_at, w.times
          from (select member_id, store,
                       min(recorded_at) over earlier as began_at,
                       count(*) over earlier as times
                  from activity join busy using (member_id, store)
                 where program_id = $1::int and activity_id >= $2::uuid
                   and recorded_at > $3::timestamptz and kind <> 'return'
                window earlier as (partition by member_id, store order by recorded_at
                    range between $4::interval preceding and current row)) w
         where w.times > $6::bigint
         order by w.member_id, w.store, w.times desc, w.began_at) f
 where not exists (select from alert a
                    where a.program_id = $1::int and a.kind = 'velocity'
                      and a.subject = f.member_id::text and a.place = f.store
                      and a.raised_at > f.began_at)
    on conflict do nothing
returning 1
"""
# One cashier whose sales go to cards that nobody registered: perhaps to a card of their own.
_SHARE = """
insert into alert (program_id, alert_id, kind, subject, place, began_at, count, out_of, raised_at)
select $1::int, gen_random_uuid(), 'share', f.actor, f.store, $3::timestamptz, f.cards, f.sales,
       $4::timestamptz
  from (select a.actor, a.store, count(*) as sales,
               count(*) filter (where m.state = 'unregistered') as cards
          from activity a
          join member m on m.program_id = a.program_id and m.member_id = a.member_id
         where a.program_id = $1::int and a.activity_id >= $2::uuid
           and a.recorded_at >= $3::timestamptz and a.kind = 'purchase'
           and starts_with(a.actor, 'staff_')
         group by a.actor, a.store) f
 where f.sales >= $5::bigint and f.cards * 100 > f.sales * $6::bigint
    on conflict do nothing
returning 1
"""
# One cashier whose sales have no receipt, where those of the others in the store mostly have one:
# perhaps nobody bought anything. What a till recorded without one has its own number in its place.
_BY_HAND = """
with sold as (
    select store, case when starts_with(actor, 'staff_') then split_part(actor, ' ', 1) end as who,
           count(*) as sales,
           count(*) filter (where external_id = '' or starts_with(source, 'til_')) as typed
      from activity
     where program_id = $1::int and activity_id >= $2::uuid
       and recorded_at >= $3::timestamptz and kind = 'purchase'
     group by 1, 2
)
insert into alert (program_id, alert_id, kind, subject, place, began_at, count, out_of, raised_at)
select $1::int, gen_random_uuid(), 'by_hand', f.who, f.store, $3::timestamptz, f.typed, f.sales,
       $4::timestamptz
  from (select s.who, s.store, s.sales, s.typed, o.sales as other_sales, o.typed as other_typed
          from sold s
          join lateral (select sum(sales)::bigint as sales, sum(typed)::bigint as typed from sold t
                         where t.store = s.store and t.who is distinct from s.who) o on true
         where s.who is not null) f
 where f.sales >= $5::bigint and f.typed * 100 > f.sales * $6::bigint
   and f.other_sales > 0 and f.typed * f.other_sales > 2 * f.other_typed * f.sales
    on conflict do nothing
returning 1
"""
# Many joined at once in one place.
_JOINS = """
insert into alert (program_id, alert_id, kind, subject, place, began_at, count, out_of, raised_at)
select $1::int, gen_random_uuid(), 'joins', f.place, f.place, f.began_at, f.times, f.times,
       $4::timestamptz
  from (select w.place, w.began_at, w.times
          from (select 'all' as place,
                       min(recorded_at) over earlier as began_at,
                       count(*) over earlier as times
                  from member
                 where program_id = $1::int and member_id >= $2::uuid
                   and recorded_at > $3::timestamptz
                window earlier as (order by recorded_at
                    range between $5::interval preceding and current row)) w
         where w.times > $6::bigint
         order by w.times desc, w.began_at limit 1) f
 where not exists (select from alert a
                    where a.program_id = $1::int and a.kind = 'joins' and a.place = f.place
                      and a.raised_at > f.began_at)
    on conflict do nothing
returning 1
"""
# A day's count began with that of its first ten minutes: it is told as the same alert, opened anew.
_LOOKUPS = """
insert into alert (program_id, alert_id, kind, subject, place, began_at, count, out_of, raised_at)
values ($1::int, gen_random_uuid(), 'lookups', $2::text, $3::text, $4::timestamptz, $5::bigint,
        $5::bigint, $6::timestamptz)
    on conflict (program_id, kind, subject, place, began_at) do update
   set count = excluded.count, out_of = excluded.out_of, raised_at = excluded.raised_at,
       closed_at = null, closed_by = null
"""
_NOTE = """
insert into alert_note (program_id, note_id, alert_id, staff_id, says, at)
values ($1::int, $2::uuid, $3::uuid, $4::uuid, $5::text, $6::timestamptz)
"""
_CLOSE = """
update alert set closed_at = $3::timestamptz, closed_by = $4::uuid
 where program_id = $1::int and alert_id = $2::uuid and closed_at is null
returning 1
"""


class Decision(NamedTuple):
    """What became of an adjustment that waited."""

    request_id: UUID
    state: str
    decided_by: UUID
    entry_id: UUID | None = None
    note: str = ""


class Budget(NamedTuple):
    """Whose budget, of which wallet, in the month that begins on this day."""

    staff_id: UUID
    wallet: str
    month_on: date


class Stretch(NamedTuple):
    """What is looked at: ids from this one on, recorded since then, in stretches so long."""

    first_id: UUID
    since: datetime
    minutes: int = 0

    @property
    def span(self) -> timedelta:
        """How long a stretch is."""
        return timedelta(minutes=self.minutes)


def _of(tx: Tx, stretch: Stretch) -> tuple[int, UUID, datetime]:
    return tx.program_id, stretch.first_id, stretch.since


def ask(tx: Tx, request: AdjustmentRequest) -> list[Write]:
    """Somebody asks for this adjustment."""
    told = (request.request_id, request.member_id, request.wallet, request.units, request.reason)
    asked = (request.asked_by, tx.now, request.expires_on)
    return [Write(_ASK, (tx.program_id, *told, *asked))]


async def hold_requests(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, AdjustmentRequest]:
    """These requests, locked until the transaction is over; ids of none are left out."""
    rows = await tx.fetch(_HOLD, tx.program_id, sorted(set(ids)))
    return {row["request_id"]: AdjustmentRequest(**row) for row in rows}


def decide(tx: Tx, decisions: Sequence[Decision]) -> list[Write]:
    """What became of requests that waited; one that does not wait any more stays as it is."""
    if not decisions:
        return []
    rows = [(d.request_id, d.state, d.decided_by, d.entry_id, d.note) for d in decisions]
    return [Write(_DECIDE, (tx.program_id, tx.now, *map(list, zip(*rows, strict=True))))]


async def hold_goodwill(tx: Tx, budgets: Sequence[Budget]) -> dict[Budget, int]:
    """What was given of each budget, locked in their order until the transaction is over."""
    keys = sorted(set(budgets))
    for key in keys:
        named = f"{key.staff_id}:{key.wallet}:{key.month_on}"
        await tx.fetch(_HOLD_BUDGET, tx.program_id, named)
    columns = [list(column) for column in zip(*keys, strict=True)]
    rows = await tx.fetch(_BUDGETS, tx.program_id, *columns)
    given = {Budget(r["staff_id"], r["wallet"], r["month_on"]): r["given"] for r in rows}
    return dict.fromkeys(keys, 0) | given


def give(tx: Tx, given: dict[Budget, int]) -> list[Write]:
    """What was given of each budget by now."""
    if not given:
        return []
    rows = [(*budget, units) for budget, units in given.items()]
    return [Write(_GIVE, (tx.program_id, *map(list, zip(*rows, strict=True))))]


def raise_lookups(tx: Tx, where: tuple[str, str], began_at: datetime, times: int) -> list[Write]:
    """An alert for a till, by its name and its store, that looked for so many nobody knows."""
    return [Write(_LOOKUPS, (tx.program_id, *where, began_at, times, tx.now))]


async def raise_velocity(tx: Tx, stretch: Stretch, times: int) -> int:
    """Alerts for members who earned more than so often in one store in so many minutes."""
    return len(await tx.fetch(_VELOCITY, *_of(tx, stretch), stretch.span, tx.now, times))


async def raise_share(tx: Tx, stretch: Stretch, least: int, percent: int) -> int:
    """Alerts for cashiers with too large a share of sales to cards that nobody registered."""
    return len(await tx.fetch(_SHARE, *_of(tx, stretch), tx.now, least, percent))


async def raise_by_hand(tx: Tx, stretch: Stretch, least: int, percent: int) -> int:
    """Alerts for cashiers who type in more than so many of a hundred sales without a receipt, and
    twice as many as everybody else in their store."""
    return len(await tx.fetch(_BY_HAND, *_of(tx, stretch), tx.now, least, percent))


async def raise_joins(tx: Tx, stretch: Stretch, times: int) -> int:
    """An alert where more than so many joined in so many minutes."""
    return len(await tx.fetch(_JOINS, *_of(tx, stretch), tx.now, stretch.span, times))


def note(tx: Tx, alert_id: UUID, staff_id: UUID, says: str) -> list[Write]:
    """Somebody writes something beside an alert."""
    return [Write(_NOTE, (tx.program_id, tx.new_id(), alert_id, staff_id, says, tx.now))]


async def close(tx: Tx, alert_id: UUID, staff_id: UUID) -> bool:
    """Somebody looked at an alert; whether it was open."""
    return bool(await tx.fetch(_CLOSE, tx.program_id, alert_id, tx.now, staff_id))
