"""Look up alerts about members, and whom one might be about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.standing.alerts.types import (
    Became,
    Kind,
    MemberAlert,
    Reason,
    State,
)

_COLUMNS = """
select alert_id, member_id, kind, as_of, raised_at, chance, worth_minor, reasons, outcome, over_on,
       handled_at, handled_by, note, account_id,
       coalesce((select h.name from household h
                  where h.program_id = $1::int and h.household_id = account_id), '') as account,
       snoozed_until, coalesce(snoozed_until > $2::date, false) as later, verdict
  from member_alert a where program_id = $1::int and shown
"""
_STATE = """
case when outcome is not null then 'over' when handled_at is not null then 'handled'
     when snoozed_until > $2::date then 'snoozed' else 'open' end
"""
# Whoever looks after the member now; of whom nobody does, the store of their last order.
_LOOKED_AFTER = """
select from benefit_associate b
  left join member_alias l on l.program_id = b.program_id and l.member_id = b.member_id
 where b.program_id = $1::int and coalesce(l.into_id, b.member_id) = a.member_id
   and (b.ended_at is null or b.ended_at > $3::timestamptz)
"""
_LAST_STORE = """
select v.store from activity v
 where v.program_id = $1::int and v.kind = 'purchase' and v.store <> ''
   and v.member_id = any(array(
       select {who} union all
       select l.member_id from member_alias l where l.program_id = $1::int and l.into_id = {who}))
 order by v.occurred_at desc, v.activity_id desc limit 1
"""
_PAGE = f"""{_COLUMNS}
   and ($4::text is null or kind = $4::text) and ($5::text is null or {_STATE} = $5::text)
   and ($6::uuid is null or member_id = $6::uuid) and ($7::uuid is null or alert_id < $7::uuid)
   and (($8::uuid is null and cardinality($9::text[]) = 0)
        or exists ({_LOOKED_AFTER} and b.staff_id = $8::uuid)
        or (not exists ({_LOOKED_AFTER})
            and ({_LAST_STORE.format(who="a.member_id")}) = any($9::text[])))
 order by alert_id desc limit $10::int
"""
_WORTH = f"""{_COLUMNS}
   and kind = 'slipping' and {_STATE} = 'open'
 order by worth_minor desc nulls last, alert_id limit $3::int
"""
_ONE = f"{_COLUMNS} and alert_id = $3::uuid"
_STORES = f"""
select w.member_id, ({_LAST_STORE.format(who="w.member_id")}) as store
  from unnest($2::uuid[]) as w (member_id)
"""  # noqa: S608
_BECAME = """
select count(*) filter (where shown and outcome in ('came', 'stayed_away')) as told,
       count(*) filter (where shown and outcome = 'came') as came,
       count(*) filter (where not shown and outcome in ('came', 'stayed_away')) as beside,
       count(*) filter (where not shown and outcome = 'came') as beside_came,
       count(*) filter (where shown and outcome is null) as waiting,
       count(*) filter (where shown and outcome in ('came', 'stayed_away') and in_time) as handled,
       count(*) filter (where shown and outcome = 'came' and in_time) as handled_came,
       count(*) filter (where verdict is not null) as judged,
       count(*) filter (where verdict = 'right') as "right",
       count(*) filter (where outcome = 'lasted') as lasted,
       count(*) filter (where outcome = 'once') as once,
       count(*) filter (where outcome = 'taken_back') as taken_back
  from (select *, handled_at < (over_on + 1)::timestamp at time zone $3::text as in_time
          from member_alert where program_id = $1::int and kind = $2::text) a
"""
# Of the unusual only what is of these days: what nobody looked after for long waits for nobody.
_WAITING = """
select count(*) as many from member_alert
 where program_id = $1::int and kind = $2::text and shown and outcome is null
   and handled_at is null and as_of > $3::date - 30
   and (snoozed_until is null or snoozed_until <= $3::date)
"""
_WAITED = """
select distinct case a.kind when 'account' then coalesce(l.into_id, a.member_id)
                            else a.member_id end as member_id
  from member_alert a
  left join member_alias l on l.program_id = a.program_id and l.member_id = a.member_id
 where a.program_id = $1::int and kind <> 'unusual' and shown and outcome is null
"""
_LAST = "select max(day) as day from member_alert_day where program_id = $1::int"
_TOLD = """
select count(*) as told from member_alert
 where program_id = $1::int and kind = $3::text and shown and as_of > $2::date - 7
"""
_OTHERS = """
select count(*) as days from (
    select from member_day
     where program_id = $1::int and day < $2::date and day >= $2::date - 91 and orders > 0
       and net_minor > 0
     limit $3::int) days_of_all
"""
PEERS = 200
"""Fewer days of others do not say what is usual (`insight/values/unusual.py`)."""
# Whoever is held out of all campaigns is neither told of nor beside: they are to be left alone.
# Of each chance those who are worth most: all who are told of may be of one, and as many again
# then stand beside them. In a shop of whose members nobody can say what they are worth, those who
# order most.
_SLIPPING = """
select member_id, chance, worth_minor, since, gap from (
    select v.member_id, v.chance, v.worth_minor, v.since, v.gap,
           row_number() over (order by v.worth_minor desc nulls last, v.orders desc,
                                       v.member_id) as place,
           row_number() over (partition by v.chance order by v.worth_minor desc nulls last,
                                                             v.orders desc, v.member_id) as at
      from member_value v join member m using (program_id, member_id)
     where v.program_id = $1::int and v.health = 'slipping' and v.as_of = $2::date
       and m.state = 'active'
       and not exists (select from member_alert a
                        where a.program_id = v.program_id and a.member_id = v.member_id
                          and a.kind = 'slipping' and a.outcome is null and a.shown)
       and not exists (select from experiment_member x
                         join experiment e using (program_id, experiment_id)
                        where x.program_id = $1::int and x.member_id = v.member_id and x.arm = 0
                          and e.kind = 'everybody' and e.begun_at is not null
                          and e.ended_at is null)) ranked
 where place <= $3::int or at <= 2 * $3::int
 order by place
"""
_LATELY = """
select member_id,
       count(distinct day) filter (where orders > 0 and day > $3::date - 90) as orders,
       count(distinct day) filter (where orders > 0 and day <= $3::date - 90) as before,
       coalesce(sum(net_minor) filter (where day > $3::date - 90), 0)::bigint as net,
       coalesce(sum(net_minor) filter (where day <= $3::date - 90), 0)::bigint as net_before
  from member_day
 where program_id = $1::int and member_id = any($2::uuid[]) and day > $3::date - 180
   and day <= $3::date
 group by member_id
"""


class Slips(NamedTuple):
    """Somebody who slips away and of whom nobody was told; see `values.types.Value`."""

    member_id: UUID
    chance: int
    worth_minor: int | None
    since: int
    gap: int | None


class Lately(NamedTuple):
    """What somebody did in the last 90 days, and in the 90 before them."""

    member_id: UUID
    orders: int
    before: int
    net: int
    net_before: int


class Wanted(NamedTuple):
    """Which alerts: of a kind, in a state, about a member; of whom this person of the shop looks
    after, or who has nobody and bought last in one of these stores."""

    kind: Kind | None = None
    state: State | None = None
    member_id: UUID | None = None
    staff_id: UUID | None = None
    stores: tuple[str, ...] = ()


async def page(
    tx: Tx, today: date, wanted: Wanted, before: UUID | None, most: int
) -> list[MemberAlert]:
    """Alerts as they are on this local day, the latest first."""
    rows = await tx.fetch(
        _PAGE, tx.program_id, today, tx.now, wanted.kind, wanted.state, wanted.member_id, before,
        wanted.staff_id, list(wanted.stores), most,
    )  # fmt: skip
    return [_alert(row) for row in rows]


async def to_win_back(tx: Tx, today: date, most: int) -> list[MemberAlert]:
    """Slipping members nobody has looked after yet, who is worth most first."""
    return [_alert(row) for row in await tx.fetch(_WORTH, tx.program_id, today, most)]


async def waiting(tx: Tx, kind: Kind, today: date) -> int:
    """How many alerts of this kind, of the thirty days up to this local one, nobody has looked
    after yet."""
    rows = await tx.fetch(_WAITING, tx.program_id, kind, today)
    return int(rows[0]["many"])


async def alert(tx: Tx, today: date, alert_id: UUID) -> MemberAlert | None:
    """This alert."""
    rows = await tx.fetch(_ONE, tx.program_id, today, alert_id)
    return _alert(rows[0]) if rows else None


async def last_stores(tx: Tx, members: Sequence[UUID]) -> dict[UUID, str]:
    """In which store each of these bought last; who never did in one is left out."""
    rows = await tx.fetch(_STORES, tx.program_id, list(members)) if members else ()
    return {row["member_id"]: row["store"] for row in rows if row["store"]}


async def became(tx: Tx, zone: str, kind: Kind = "slipping") -> Became:
    """What became of slipping members so far, told of or left alone; or of accounts, or of unusual
    days. Looked after is who was so before it was known, by the clock of this zone."""
    return Became(**(await tx.fetch(_BECAME, tx.program_id, kind, zone))[0])


async def waited_for(tx: Tx) -> list[UUID]:
    """Slipping members, and who leads accounts, of whom somebody was told and nothing is known
    yet."""
    return [row["member_id"] for row in await tx.fetch(_WAITED, tx.program_id)]


async def last_day(tx: Tx) -> date | None:
    """The last day that was looked at."""
    found: date | None = (await tx.fetch(_LAST, tx.program_id))[0]["day"]
    return found


async def told_of(tx: Tx, day: date, kind: Kind = "slipping") -> int:
    """Slipping members, accounts or unusual days told of within the seven days up to this one."""
    return int((await tx.fetch(_TOLD, tx.program_id, day, kind))[0]["told"])


async def others_days(tx: Tx, day: date) -> int:
    """Days of members with an order in the thirteen weeks before this one, as many as it takes to
    say what is usual."""
    return int((await tx.fetch(_OTHERS, tx.program_id, day, PEERS))[0]["days"])


async def slipping(tx: Tx, day: date, most: int) -> list[Slips]:
    """Who slips away by the reckoning of this day and nobody was told of, who is worth most first:
    so many of them, and twice as many of each chance."""
    return [Slips(*row.values()) for row in await tx.fetch(_SLIPPING, tx.program_id, day, most)]


async def lately(tx: Tx, members: Sequence[UUID], day: date) -> dict[UUID, Lately]:
    """What these did in the 180 days up to this one."""
    rows = await tx.fetch(_LATELY, tx.program_id, list(members), day)
    return {row["member_id"]: Lately(*row.values()) for row in rows}


def _alert(row: Mapping[str, Any]) -> MemberAlert:
    reasons = msgspec.json.decode(row["reasons"], type=tuple[Reason, ...])
    return MemberAlert(**{**row, "reasons": reasons})
