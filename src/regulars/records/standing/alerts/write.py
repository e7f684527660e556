"""Keep alerts about members, and what became of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.standing.alerts.accounts.read import Tried
from regulars.records.standing.alerts.types import WAITS, Raised, Settled, Verdict
from regulars.records.standing.alerts.unusual.read import Nights

# Who was left alone so far may be told of later; who was told of is not told of again.
_RAISE = """
insert into member_alert (program_id, alert_id, member_id, kind, shown, as_of, raised_at, chance,
                          worth_minor, sorts, reasons)
select $1::int, $3::uuid, $4::uuid, 'slipping', $5::bool, $6::date, $2::timestamptz, $7::smallint,
       $8::bigint, $9::text[], $10::text::jsonb
    on conflict (program_id, member_id) where kind = 'slipping' and outcome is null do update
   set alert_id = excluded.alert_id, shown = true, as_of = excluded.as_of,
       raised_at = excluded.raised_at, chance = excluded.chance,
       worth_minor = excluded.worth_minor, sorts = excluded.sorts, reasons = excluded.reasons
 where excluded.shown and not member_alert.shown
returning alert_id
"""
# Not the same twice within 30 days: there is none that has all these reasons already.
_UNUSUAL = """
insert into member_alert (program_id, alert_id, member_id, kind, shown, as_of, raised_at, sorts,
                          reasons)
select $1::int, $3::uuid, $4::uuid, 'unusual', true, $5::date, $2::timestamptz, $6::text[],
       $7::text::jsonb
 where not exists (select from member_alert a
                    where a.program_id = $1::int and a.member_id = $4::uuid and a.kind = 'unusual'
                      and a.as_of > $5::date - 30 and a.sorts @> $6::text[])
    on conflict do nothing
returning alert_id
"""
_SETTLE = f"""
update member_alert a
   set outcome = case when x.came is not null then 'came' when x.gone then 'gone'
                      else 'stayed_away' end,
       over_on = coalesce(x.came, case when x.gone then $2::date else a.as_of + {WAITS} end)
  from (select o.alert_id, m.state = 'merged' as gone,
               (select min(d.day) from member_day d
                 where d.program_id = o.program_id and d.member_id = o.member_id and d.orders > 0
                   and d.day > o.as_of and d.day <= least(o.as_of + {WAITS}, $2::date)) as came
          from member_alert o join member m using (program_id, member_id)
         where o.program_id = $1::int and o.kind = 'slipping' and o.outcome is null) x
 where a.program_id = $1::int and a.alert_id = x.alert_id
   and (x.came is not null or x.gone or a.as_of + {WAITS} <= $2::date)
returning a.alert_id, a.member_id, a.shown, a.as_of, a.outcome, a.over_on, a.chance, a.worth_minor,
          a.handled_at
"""  # noqa: S608
_HANDLE = """
update member_alert
   set handled_at = coalesce(handled_at, $3::timestamptz), note = $5::text,
       handled_by = case when handled_at is null then $4::text else handled_by end,
       verdict = coalesce($6::text, verdict)
 where program_id = $1::int and alert_id = $2::uuid
"""
_REOPEN = """
update member_alert
   set handled_at = null, handled_by = '', note = '', snoozed_until = null, verdict = null
 where program_id = $1::int and alert_id = $2::uuid
"""
_SNOOZE = """
update member_alert set snoozed_until = $3::date, note = $4::text
 where program_id = $1::int and alert_id = $2::uuid
"""
_DAY = """
insert into member_alert_day (program_id, day, at, slipping, beside, unusual, accounts, picked,
                              "right", rest, rest_away, unusual_tried, unusual_lasted)
select $1::int, $2::date, $3::timestamptz,
       count(*) filter (where kind = 'slipping' and shown),
       count(*) filter (where kind = 'slipping' and not shown),
       count(*) filter (where kind = 'unusual'),
       count(*) filter (where kind = 'account'),
       $4::int, $5::int, $6::int, $7::int, $8::int, $9::int
  from member_alert where program_id = $1::int and as_of = $2::date
    on conflict do nothing
"""


async def raise_one(tx: Tx, one: Raised) -> UUID | None:
    """Keep this alert about a member; its id, nothing where there is one already."""
    reasons = msgspec.json.encode(one.reasons).decode()
    first = (tx.program_id, tx.now, tx.new_id(), one.member_id)
    if one.kind == "unusual":
        rows = await tx.fetch(_UNUSUAL, *first, one.as_of, one.sorts, reasons)
    else:
        rows = await tx.fetch(
            _RAISE, *first, one.shown, one.as_of, one.chance, one.worth_minor, one.sorts, reasons
        )
    return rows[0]["alert_id"] if rows else None


async def settle(tx: Tx, day: date) -> list[Settled]:
    """Of slipping members it is known by the end of this day who came back and who did not; those
    of whom that was new, by alert."""
    rows = [Settled(*row.values()) for row in await tx.fetch(_SETTLE, tx.program_id, day)]
    return sorted(rows, key=lambda one: one.alert_id)


def handle(
    tx: Tx, alert_id: UUID, actor: str, note: str, verdict: Verdict | None
) -> list[Write]:  # fmt: skip
    """Somebody looked after it, and says this of it."""
    return [Write(_HANDLE, (tx.program_id, alert_id, tx.now, actor, note, verdict))]


def snooze(tx: Tx, alert_id: UUID, until: date, note: str) -> list[Write]:
    """It waits until this day, and this is said of it."""
    return [Write(_SNOOZE, (tx.program_id, alert_id, until, note))]


def reopen(tx: Tx, alert_id: UUID) -> list[Write]:
    """Nobody looked after it after all, and it waits no longer."""
    return [Write(_REOPEN, (tx.program_id, alert_id))]


def keep_day(tx: Tx, day: date, tried: Tried, nights: Nights) -> list[Write]:
    """This day was looked at, and the signal of accounts and the rule of unusual days did so well
    in the past."""
    return [Write(_DAY, (tx.program_id, day, tx.now, *tried, *nights))]
