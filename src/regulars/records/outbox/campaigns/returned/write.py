"""Keep what came back of campaigns; pause one, and let it go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.outbox.bounces.types import Bounce
from regulars.records.outbox.campaigns.returned.types import Back, Suspect, TooMuch

# Rows are locked in the order of their ids, as whoever settles them does. Of one message a
# complaint weighs more than that nobody was there, and of two alike the first stays.
_KEEP: Final = """
, held as materialized (
    select m.message_id, b.back
      from campaign_message m
      join (select message_id, min(back) as back from back group by 1) b using (message_id)
     where m.program_id = $1::int
     order by m.message_id for update of m
)
update campaign_message m set returned = h.back, returned_at = $2::timestamptz
  from held h
 where m.program_id = $1::int and m.message_id = h.message_id
   and (m.returned is null or (m.returned = 'hard' and h.back = 'complaint'))
"""
_BACK: Final = f"""
with back as (select * from unnest($3::uuid[], $4::text[]) as b (message_id, back))
{_KEEP}
"""  # noqa: S608
# A provider names an address and an instant: it was the last we sent there, and nothing where that
# was a letter of another kind. Clocks differ by a little, and complaints come within weeks.
_BY_ADDRESS: Final = f"""
with told as (
    select t.*, t.at + interval '1 minute' as until,
           array(select t.who union all
                 select a.member_id from member_alias a
                  where a.program_id = $1::int and a.into_id = t.who) as whose
      from unnest($4::bytea[], $5::uuid[], $6::text[], $7::timestamptz[])
           as t (address, who, back, at)
), back as (
    select l.message_id, t.back
      from told t
     cross join lateral (
           select m.message_id, m.taken_at
             from campaign_message m join campaign c using (program_id, campaign_id)
            where m.program_id = $1::int and m.member_id = any(t.whose) and m.address = t.address
              and coalesce(nullif(m.channel, ''), c.channel) = $3::text
              and m.state in ('sending', 'sent', 'unknown')
              and m.taken_at <= t.until and m.taken_at > t.at - interval '30 days'
            order by m.taken_at desc limit 1) l
     where not exists (
           select from delivery d
            where d.program_id = $1::int and d.member_id = any(t.whose)
              and d.address = t.address and d.channel = $3::text and d.state = 'sent'
              and d.settled_at > l.taken_at and d.settled_at <= t.until)
)
{_KEEP}
"""  # noqa: S608
_JUDGED: Final = """
update campaign set judged_at = $2::timestamptz
 where program_id = $1::int and campaign_id = any($3::uuid[])
"""
_PAUSE: Final = """
update campaign set paused_at = $2::timestamptz, paused_why = $4::text
 where program_id = $1::int and campaign_id = $3::uuid and paused_at is null
"""
_PAUSE_JOURNEY: Final = """
update journey set state = 'paused'
 where program_id = $1::int and journey_id = $2::uuid and state = 'running'
"""
_RESUME: Final = """
update campaign set paused_at = null, paused_why = '', judged_from = $2::timestamptz
 where program_id = $1::int and (campaign_id = $3::uuid or journey_id = $3::uuid)
"""
_ALERT: Final = """
insert into alert (program_id, alert_id, kind, subject, place, began_at, count, out_of, raised_at)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text, $6::timestamptz, $7::bigint, $8::bigint,
        $6::timestamptz)
    on conflict do nothing
"""


def back(tx: Tx, some: Mapping[UUID, Back]) -> list[Write]:
    """These messages came back."""
    if not some:
        return []
    return [Write(_BACK, (tx.program_id, tx.now, list(some), list(some.values())))]


def back_by_address(tx: Tx, bounces: Sequence[Bounce], channel: str) -> list[Write]:
    """Of each address the last message that went there by this channel came back; soft ones do not
    count.

    Order: where a letter of another kind went there since, it was that one.
    """
    some = [one for one in bounces if one.kind != "soft"]
    if not some:
        return []
    columns = [
        [getattr(one, name) for one in some]
        for name in ("address", "member_id", "kind", "bounced_at")
    ]
    return [Write(_BY_ADDRESS, (tx.program_id, tx.now, channel, *columns))]


def judged(tx: Tx, some: Sequence[Suspect]) -> list[Write]:
    """What came back of these until now was looked at."""
    ids = [one.campaign_id for one in some]
    return [Write(_JUDGED, (tx.program_id, tx.now, ids))] if ids else []


def pause(tx: Tx, one: Suspect, why: TooMuch, counted: tuple[int, int]) -> list[Write]:
    """It pauses, its journey with it, and somebody of the shop is told: so many, of so many."""
    subject, place = (one.journey, one.code) if one.journey else (one.code, "")
    told = (tx.program_id, tx.new_id(), why, subject, place, tx.now, *counted)
    writes = [Write(_PAUSE, (tx.program_id, tx.now, one.campaign_id, why)), Write(_ALERT, told)]
    if one.journey_id is not None:
        writes.append(Write(_PAUSE_JOURNEY, (tx.program_id, one.journey_id)))
    return writes


def resume(tx: Tx, which: UUID) -> list[Write]:
    """A campaign, or all that a journey says, goes on, and is judged by what is sent from now."""
    return [Write(_RESUME, (tx.program_id, tx.now, which))]
