"""Keep campaigns, give everybody their row, and keep what became of each message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.outbox.campaigns.reaching.read import REACHED_BY
from regulars.records.outbox.campaigns.types import Campaign, Due, Outcome

_KEEPING = waiting_for(Alone.CAMPAIGNS)
_TAKING = waiting_for(Alone.CAMPAIGN_MESSAGES)
_KEEP = """
insert into campaign (
       program_id, campaign_id, code, name, segment_id, channel, says, held_percent, send_at, local,
       state, version, made_at, made_by, changed_at, changed_by, audience, approved_at, approved_by,
       queued_at, queued_after, holds_out, ended_at, ended_by, variants,
       offers, survey_id, instead, reach, event, writers, approved_saved)
values ($1::int, $2::uuid, $3::text, $4::text, $5::uuid, $6::text, $7::text::jsonb, $8::int,
        $9::timestamptz, $10::bool, $11::text, $12::int, $13::timestamptz, $14::text,
        $15::timestamptz, $16::text, $17::int, $18::timestamptz, $19::text, $20::timestamptz,
        $21::uuid, $22::bool, $23::timestamptz, $24::text, $25::text::jsonb, $26::text[],
        $27::uuid, $28::text::jsonb, $29::text::jsonb, $30::text, $31::text[], $32::int)
    on conflict (program_id, campaign_id) do update
   set name = excluded.name, segment_id = excluded.segment_id, channel = excluded.channel,
       says = excluded.says, held_percent = excluded.held_percent, send_at = excluded.send_at,
       local = excluded.local, state = excluded.state, version = excluded.version,
       changed_at = excluded.changed_at, changed_by = excluded.changed_by,
       audience = excluded.audience, approved_at = excluded.approved_at,
       approved_by = excluded.approved_by, queued_at = excluded.queued_at,
       queued_after = excluded.queued_after, holds_out = excluded.holds_out,
       ended_at = excluded.ended_at, ended_by = excluded.ended_by, variants = excluded.variants,
       offers = excluded.offers, survey_id = excluded.survey_id, instead = excluded.instead,
       reach = excluded.reach, event = excluded.event, writers = excluded.writers,
       approved_saved = excluded.approved_saved
"""
_DROP = "delete from campaign where program_id = $1::int and campaign_id = $2::uuid"
# Who came into the segment since is left out, who went is as well: it is who was in it then, as far
# as they still are. Chance draws as `rules.held_out` does.
# Whom nobody holds out everywhere is asked once, not of each; who is held out is worked out once
# for a row. Ids begin with the time, so that a million of them are written one behind the other,
# and end by chance.
_QUEUE_ROWS = """
with part as materialized (
    select member_id, since from segment_member
     where program_id = $1::int and segment_id = $2::uuid and member_id > $3::uuid
     order by member_id limit $4::int
), apart as materialized (
    select x.member_id
      from experiment e join experiment_member x using (program_id, experiment_id)
     where e.program_id = $1::int and e.kind = 'everybody' and e.begun_at is not null
       and e.ended_at is null and x.arm = 0 and x.member_id in (select member_id from part)
), drawn as materialized (
    select p.member_id,
           case when p.member_id in (select member_id from apart) then 'everywhere'
                when ('x' || encode(substring(sha256(uuid_send($5::uuid) || uuid_send(p.member_id))
                                              from 1 for 4), 'hex'))::bit(32)::bigint * 100 >> 32
                     < $6::int
                then 'here' else '' end as held
      from part p where p.since <= $7::timestamptz
){reached}, put as (
    insert into campaign_message (program_id, campaign_id, member_id, message_id, state, reason,
                                  try_at, settled_at, variant, channel)
    select $1::int, $5::uuid, d.member_id,
           overlay(gen_random_uuid()::text placing $11::text from 1 for 13)::uuid,
           case when d.held = '' then 'waiting' else 'held_out' end,
           d.held, $8::timestamptz, case when d.held <> '' then $9::timestamptz end,
           case when d.held = '' and $10::int > 1
                then ('x' || encode(substring(sha256('way'::bytea || uuid_send($5::uuid)
                                                     || uuid_send(d.member_id))
                                              from 1 for 4), 'hex'))::bit(32)::bigint * $10::int
                     >> 32 end,
           {channel}
      from drawn d{joined} order by d.member_id {twice}
)
select count(*) as many, (array_agg(member_id order by member_id desc))[1] as last from part
"""
_BY_ONE: Final = {"channel": "''", "reached": "", "joined": ""}
_BY_SEVERAL: Final = {
    "channel": "coalesce(c.channel, ($12::text[])[1])",
    "reached": ", "  # noqa: S608 - a part of ours
    + REACHED_BY.format(
        channels="$12",
        among="a.member_id > $3::uuid and a.member_id <= ("
        "select member_id from part order by member_id desc limit 1)",
        those="member_id in (select member_id from part)",
    ),
    "joined": " left join chosen c on c.member_id = d.member_id",
}
# By whether some have their row already, as where a portion is queued again, and whether there are
# several channels. Asking of each whether they have theirs costs a quarter.
_QUEUE: Final = {
    (again, several): _QUEUE_ROWS.format(
        twice="on conflict do nothing" if again else "", **(_BY_SEVERAL if several else _BY_ONE)
    )
    for again in (False, True)
    for several in (False, True)
}
_AHEAD = """
select from campaign_message
 where program_id = $1::int and campaign_id = $2::uuid and member_id > $3::uuid limit 1
"""
_QUEUED = """
update campaign set queued_after = $3::uuid where program_id = $1::int and campaign_id = $2::uuid
"""
_TAKE = """
update campaign_message m
   set state = 'sending', attempts = m.attempts + 1, taken_at = $2::timestamptz,
       try_at = $3::timestamptz, address = t.address, channel = t.channel
  from unnest($4::uuid[], $5::bytea[], $6::text[]) as t (message_id, address, channel)
 where m.program_id = $1::int and m.message_id = t.message_id and m.state in ('waiting', 'sending')
"""
# Where another channel than before reaches them, it waits for that one.
_DEFER = """
update campaign_message m set try_at = t.try_at, channel = t.channel
  from unnest($2::uuid[], $3::timestamptz[], $4::text[]) as t (message_id, try_at, channel)
 where m.program_id = $1::int and m.message_id = t.message_id and m.state in ('waiting', 'sending')
"""
_SKIP = """
update campaign_message m
   set state = 'skipped', reason = t.reason, settled_at = $2::timestamptz, taken_at = null,
       address = null
  from unnest($3::uuid[], $4::text[]) as t (message_id, reason)
 where m.program_id = $1::int and m.message_id = t.message_id and m.state = 'waiting'
"""
# An answer counts for the try it belongs to, and only while we wait for it. Rows are locked in the
# order of their ids first: whoever settles or ends some of the same ones waits, and in no ring.
_SETTLE = """
with t as (
    select * from unnest($3::uuid[], $4::smallint[], $5::text[], $6::text[], $7::text[],
                         $8::timestamptz[])
           as t (message_id, attempts, state, reason, detail, try_at)
), held as materialized (
    select message_id from campaign_message
     where program_id = $1::int and message_id = any($3::uuid[]) and state = 'sending'
     order by message_id for update
)
update campaign_message m
   set state = t.state, reason = t.reason, detail = t.detail,
       try_at = coalesce(t.try_at, m.try_at),
       taken_at = case when t.state in ('sending', 'sent', 'unknown') then m.taken_at end,
       settled_at = case when t.state not in ('waiting', 'sending') then $2::timestamptz end
  from t join held using (message_id)
 where m.program_id = $1::int and m.message_id = t.message_id and m.state = 'sending'
   and m.attempts = t.attempts
"""
_LOSE = """
update campaign_message set state = 'unknown', settled_at = $2::timestamptz
 where program_id = $1::int and message_id = any($3::uuid[]) and state = 'sending'
"""
_END = """
with due as materialized (
    select message_id from campaign_message
     where program_id = $1::int and campaign_id = $2::uuid
       and (state = 'waiting' or (state = 'sending' and try_at <= $3::timestamptz))
     order by try_at limit $4::int
), held as materialized (
    select m.message_id from campaign_message m
     where m.program_id = $1::int and m.message_id in (select message_id from due)
     order by m.message_id for update
)
update campaign_message m
   set state = case m.state when 'waiting' then 'skipped' else 'unknown' end,
       reason = case m.state when 'waiting' then 'stopped' else '' end,
       settled_at = $3::timestamptz
  from held w
 where m.program_id = $1::int and m.message_id = w.message_id
   and m.state in ('waiting', 'sending')
returning 1
"""


# Only of what is under way by this very try, and held, so that who is being erased is waited for.
_UNDER_WAY = """
select m.message_id, coalesce(j.code, '') as journey
  from unnest($2::uuid[], $3::smallint[]) as t (message_id, attempts)
  join campaign_message m on m.program_id = $1::int and m.message_id = t.message_id
                         and m.state = 'sending' and m.attempts = t.attempts
  join campaign c on c.program_id = $1::int and c.campaign_id = m.campaign_id
  left join journey j on j.program_id = $1::int and j.journey_id = c.journey_id
 order by m.message_id for update of m
"""


class Portion(NamedTuple):
    """How many members of the segment were looked at, and the last of them."""

    many: int
    last: UUID | None


class Queueing(NamedTuple):
    """What is the same for every portion: how many are held out, and from when on it is tried."""

    percent: int
    try_at: datetime


async def hold(tx: Tx) -> None:
    """Until this transaction is over nobody else keeps a campaign."""
    await tx.fetch(_KEEPING, tx.program_id)


async def hold_messages(tx: Tx) -> None:
    """Until this transaction is over nobody else takes messages to send, or stops a campaign: so
    that a cap counts what the one before took, and what is stopped is not taken."""
    await tx.fetch(_TAKING, tx.program_id)


def keep(tx: Tx, one: Campaign) -> list[Write]:
    """This campaign is as said from now on."""
    says = msgspec.json.encode(one.says).decode()
    args = (
        tx.program_id, one.campaign_id, one.code, one.name, one.segment_id, one.channel, says,
        one.held_percent, one.send_at, one.local, one.state, one.version, one.made_at, one.made_by,
        one.changed_at, one.changed_by, one.audience, one.approved_at, one.approved_by,
        one.queued_at, one.queued_after, one.holds_out, one.ended_at, one.ended_by,
        msgspec.json.encode(one.variants).decode(), list(one.offers), one.survey_id,
        msgspec.json.encode(one.instead).decode(),
        None if one.reach is None else msgspec.json.encode(one.reach).decode(), one.event,
        list(one.writers), one.approved_saved,
    )  # fmt: skip
    return [Write(_KEEP, args)]


def drop(tx: Tx, one: Campaign) -> list[Write]:
    """It is gone; only what was never released is."""
    return [Write(_DROP, (tx.program_id, one.campaign_id))]


async def queue(tx: Tx, one: Campaign, how: Queueing, after: UUID, most: int) -> Portion:
    """The next members of the segment have their row; done again it changes nothing."""
    ahead = await tx.fetch(_AHEAD, tx.program_id, one.campaign_id, after)
    channels = [list(one.channels)] if one.instead else []
    rows = await tx.fetch(
        _QUEUE[bool(ahead), bool(one.instead)], tx.program_id, one.segment_id, after, most,
        one.campaign_id, how.percent, one.queued_at, how.try_at, tx.now, 1 + len(one.variants),
        str(tx.new_id())[:13], *channels,
    )  # fmt: skip
    return Portion(rows[0]["many"], rows[0]["last"])


def queued(tx: Tx, one: Campaign, after: UUID) -> list[Write]:
    """All up to this member have their row."""
    return [Write(_QUEUED, (tx.program_id, one.campaign_id, after))]


def take(tx: Tx, some: Sequence[tuple[Due, bytes, str]], until: datetime) -> list[Write]:
    """These are under way, each to this address; who is gone by then was gone in the middle."""
    if not some:
        return []
    ids = [one.message_id for one, _, _ in some]
    told = [address for _, address, _ in some], [channel for _, _, channel in some]
    return [Write(_TAKE, (tx.program_id, tx.now, until, ids, *told))]


def defer(tx: Tx, some: Sequence[tuple[Due, datetime, str]]) -> list[Write]:
    """These go later, each by this channel of several."""
    if not some:
        return []
    ids = [one.message_id for one, _, _ in some]
    told = [at for _, at, _ in some], [channel for _, _, channel in some]
    return [Write(_DEFER, (tx.program_id, ids, *told))]


def skip(tx: Tx, some: Sequence[tuple[Due, str]]) -> list[Write]:
    """These are not sent, and why."""
    if not some:
        return []
    ids, reasons = [one.message_id for one, _ in some], [why for _, why in some]
    return [Write(_SKIP, (tx.program_id, tx.now, ids, reasons))]


def lose(tx: Tx, some: Sequence[Due]) -> list[Write]:
    """Nobody knows what became of these."""
    return [Write(_LOSE, (tx.program_id, tx.now, [one.message_id for one in some]))] if some else []


def settle(tx: Tx, some: Sequence[Outcome]) -> list[Write]:
    """What became of these."""
    if not some:
        return []
    columns = [
        [getattr(one, name) for one in some]
        for name in ("message_id", "attempts", "state", "reason", "detail", "try_at")
    ]
    return [Write(_SETTLE, (tx.program_id, tx.now, *columns))]


async def under_way(tx: Tx, some: Sequence[tuple[UUID, int]]) -> dict[UUID, str]:
    """Which of these messages are still under way by this try, each with the code of its journey
    (empty where it is a campaign's own); until this transaction is over they stay so."""
    ids, tries = [id_ for id_, _ in some], [attempts for _, attempts in some]
    rows = await tx.fetch(_UNDER_WAY, tx.program_id, ids, tries)
    return {row["message_id"]: row["journey"] for row in rows}


async def end(tx: Tx, one: Campaign, most: int) -> int:
    """The next that wait are not sent, as it was stopped, and nobody knows what became of those
    whose worker was gone in the middle; how many there were."""
    return len(await tx.fetch(_END, tx.program_id, one.campaign_id, tx.now, most))
