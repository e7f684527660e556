"""Keep alerts about accounts, and what became of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.standing.alerts.types import WAITS, Raised, Settled

_RAISE = """
insert into member_alert (program_id, alert_id, member_id, kind, shown, as_of, raised_at, sorts,
                          reasons, worth_minor, account_id)
select $1::int, $3::uuid, $4::uuid, 'account', true, $5::date, $2::timestamptz, $6::text[],
       $7::text::jsonb, $8::bigint, $9::uuid
    on conflict do nothing
returning alert_id
"""
# An account came back where anybody of it ordered; it is gone where fewer than two are left of it.
_SETTLE = f"""
update member_alert a
   set outcome = case when x.came is not null then 'came' when x.gone then 'gone'
                      else 'stayed_away' end,
       over_on = coalesce(x.came, case when x.gone then $2::date else a.as_of + {WAITS} end)
  from (select o.alert_id, p.people < 2 as gone, p.came
          from member_alert o
         cross join lateral (
               select count(distinct h.member_id) as people, min(d.day) as came
                 from household_member h
                 left join member_day d on d.program_id = h.program_id
                  and d.member_id = h.member_id and d.orders > 0 and d.day > o.as_of
                  and d.day <= least(o.as_of + {WAITS}, $2::date)
                where h.program_id = o.program_id and h.household_id = o.account_id
                  and h.left_at is null) p
         where o.program_id = $1::int and o.kind = 'account' and o.outcome is null) x
 where a.program_id = $1::int and a.alert_id = x.alert_id
   and (x.came is not null or x.gone or a.as_of + {WAITS} <= $2::date)
returning a.alert_id,
          coalesce((select l.into_id from member_alias l
                     where l.program_id = a.program_id and l.member_id = a.member_id),
                   a.member_id) as member_id,
          a.shown, a.as_of, a.outcome, a.over_on, a.chance, a.worth_minor,
          a.handled_at, a.account_id, a.verdict
"""  # noqa: S608


async def raise_account(tx: Tx, one: Raised) -> UUID | None:
    """Keep this alert about an account; its id, nothing where there is one already."""
    reasons = msgspec.json.encode(one.reasons).decode()
    said = (one.as_of, one.sorts, reasons, one.worth_minor, one.account_id)
    rows = await tx.fetch(_RAISE, tx.program_id, tx.now, tx.new_id(), one.member_id, *said)
    return rows[0]["alert_id"] if rows else None


async def settle(tx: Tx, day: date) -> list[Settled]:
    """Of accounts it is known by the end of this day which ordered again and which did not; those
    of which that was new, by alert."""
    rows = [Settled(*row.values()) for row in await tx.fetch(_SETTLE, tx.program_id, day)]
    return sorted(rows, key=lambda one: one.alert_id)
