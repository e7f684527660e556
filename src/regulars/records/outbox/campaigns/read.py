"""Look up campaigns, what is due of them, and what became of their messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.outbox.campaigns.types import Campaign, Counted, Due, Instead, Said

_COLUMNS = """
select campaign_id, code, name, coalesce(segment_id, journey_id) as segment_id, channel,
       says::text as says, held_percent, send_at,
       local, state, version, made_at, made_by, changed_at, changed_by, audience, approved_at,
       approved_by, queued_at, queued_after, holds_out, ended_at, ended_by, journey_id,
       journey_version, survey_id, variants::text as variants, paused_at, paused_why, offers,
       instead::text as instead, reach::text as reach, event, writers, approved_saved
  from campaign where program_id = $1::int
"""
_ALL = f"{_COLUMNS} and journey_id is null order by made_at desc, code"
_ONE = f"{_COLUMNS} and journey_id is null and code = $2::text"
# Of what pauses, and of a journey that does, nothing goes out.
_WORKING = f"""{_COLUMNS}
   and state in ('approved', 'queueing', 'sending') and paused_at is null
   and not exists (select from journey j where j.program_id = $1::int and j.state = 'paused'
                      and j.journey_id = campaign.journey_id)
 order by made_at
"""
# Stopped with messages that still wait, or whose worker was gone in the middle: they are settled
# some at a time. What is under way at this moment keeps nobody from going on.
_LEFT = f"""{_COLUMNS} and state = 'stopped' and exists (
       select from campaign_message m
        where m.program_id = $1::int and m.campaign_id = campaign.campaign_id
          and (m.state = 'waiting' or (m.state = 'sending' and m.try_at <= $2::timestamptz)))
"""
_DUE = """
select d.* from unnest($2::uuid[], $6::text[]) as c (campaign_id, channel) cross join lateral (
       select m.campaign_id, m.member_id, m.message_id, m.attempts, m.try_at,
              m.state = 'sending' as taken, m.asked_at, exists (
                  select from journey_run r where r.program_id = $1::int and r.run_id = m.run_id
                     and r.why = 'exit') as over, m.channel
         from campaign_message m
        where m.program_id = $1::int and m.campaign_id = c.campaign_id and m.state = $3::text
          and m.channel = c.channel and m.try_at <= $4::timestamptz
        order by m.try_at, m.member_id limit $5::int) d
 order by d.try_at, d.member_id limit $5::int
"""
_STILL = """
select message_id from campaign_message
 where program_id = $1::int and message_id = any($2::uuid[]) and state = $3::text
"""
_LEFT_OF = """
select exists (select from campaign_message where program_id = $1::int and campaign_id = $2::uuid
                  and state in ('waiting', 'sending')) as there
"""
# Whoever stands as one of these now was written to under the id of then.
_HAD = """
select coalesce(l.into_id, m.member_id) as member_id, count(*) as messages
  from campaign_message m
  left join member_alias l on l.program_id = m.program_id and l.member_id = m.member_id
 where m.program_id = $1::int and m.taken_at > $3::timestamptz
   and m.state in ('sending', 'sent', 'unknown') and m.message_id <> all($4::uuid[])
   and m.member_id = any(array(
       select unnest($2::uuid[]) union all
       select member_id from member_alias
        where program_id = $1::int and into_id = any($2::uuid[])))
 group by 1
"""
_BEFORE = """
select d.message_id
  from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as d (message_id, campaign_id, member_id)
 where exists (
       select from member_alias l
         join campaign_message m on m.program_id = l.program_id and m.member_id = l.member_id
        where l.program_id = $1::int and l.into_id = d.member_id
          and m.campaign_id = d.campaign_id and m.state in ('sending', 'sent', 'unknown')
          -- A journey may be gone through once more, a year after the other half was.
          and (m.asked_at is null or m.taken_at > $5::timestamptz))
"""
_SAVED = "select saved from segment where program_id = $1::int and segment_id = $2::uuid"
_COUNTS = """
select state, reason, channel, count(*) as messages from campaign_message
 where program_id = $1::int and campaign_id = $2::uuid group by 1, 2, 3 order by 1, 2, 3
"""
_STANDS = """
select b.member_id, b.wallet, b.available from balance b
 where b.program_id = $1::int and b.member_id = any($2::uuid[])
"""
_TIERS = """
select member_id, tier from standing
 where program_id = $1::int and member_id = any($2::uuid[]) and tier is not null
"""
_ANY = """
select exists (select from campaign where program_id = $1::int
                  and state in ('approved', 'queueing', 'sending', 'stopped')) as there
"""
_OF_SEGMENT = """
select code from campaign where program_id = $1::int and segment_id = $2::uuid
   and state not in ('sent', 'stopped') order by code
"""
_INSIDE = """
select count(*) as many from segment_member where program_id = $1::int and segment_id = $2::uuid
"""
_ACTIVE = """
select count(*) as many from member where program_id = $1::int and state = 'active'
"""
_LETTERS = """
select m.message_id, m.member_id, m.address
  from campaign_message m join campaign c using (program_id, campaign_id)
 where m.program_id = $1::int and m.message_id = any($2::uuid[]) and m.address is not null
   and coalesce(nullif(m.channel, ''), c.channel) = $3::text
"""
ONE_PERSON: Final = timedelta(days=30)
"""So long what one half of a merged person was told by a journey is not told to the other."""
_says = msgspec.json.Decoder(dict[str, Said]).decode
_variants = msgspec.json.Decoder(tuple[dict[str, Said], ...]).decode
_instead = msgspec.json.Decoder(tuple[Instead, ...]).decode
_reach = msgspec.json.Decoder(dict[str, int]).decode


async def campaigns(tx: Tx) -> list[Campaign]:
    """Every campaign, the latest first."""
    return [_campaign(row) for row in await tx.fetch(_ALL, tx.program_id)]


async def campaign(tx: Tx, code: str) -> Campaign | None:
    """The campaign of this code."""
    rows = await tx.fetch(_ONE, tx.program_id, code)
    return _campaign(rows[0]) if rows else None


async def working(tx: Tx) -> list[Campaign]:
    """What is released and not over, the first made first."""
    return [_campaign(row) for row in await tx.fetch(_WORKING, tx.program_id)]


async def left_over(tx: Tx) -> list[Campaign]:
    """Campaigns that were stopped, of which messages still wait, or were given up."""
    return [_campaign(row) for row in await tx.fetch(_LEFT, tx.program_id, tx.now)]


async def any_begun(tx: Tx) -> bool:
    """Whether there is a campaign that the worker looks after."""
    return bool((await tx.fetch(_ANY, tx.program_id))[0]["there"])


async def due(
    tx: Tx, some: Sequence[tuple[UUID, str]], state: str, most: int, by: datetime | None = None
) -> list[Due]:
    """Messages of these campaigns by these channels (empty where one has no other) in this state
    whose time has come (by now or `by`), the longest due first."""
    if not some or most <= 0:
        return []
    ids, channels = [id_ for id_, _ in some], [channel for _, channel in some]
    rows = await tx.fetch(_DUE, tx.program_id, ids, state, by or tx.now, most, channels)
    return [Due(**row) for row in rows]


async def still(tx: Tx, ids: Sequence[UUID], state: str) -> set[UUID]:
    """Which of these messages are in this state at this moment."""
    rows = await tx.fetch(_STILL, tx.program_id, list(ids), state)
    return {row["message_id"] for row in rows}


async def has_left(tx: Tx, campaign_id: UUID) -> bool:
    """Whether messages of it wait or are under way."""
    return bool((await tx.fetch(_LEFT_OF, tx.program_id, campaign_id))[0]["there"])


async def had(
    tx: Tx, ids: Sequence[UUID], since: datetime, beside: Sequence[UUID]
) -> dict[UUID, int]:
    """How many messages of campaigns these members were sent since, or may have been; beside these
    messages."""
    rows = await tx.fetch(_HAD, tx.program_id, list(ids), since, list(beside))
    return {row["member_id"]: row["messages"] for row in rows}


async def had_before(tx: Tx, some: Sequence[Due]) -> set[UUID]:
    """Which of these went to their member already, while that was another member."""
    columns = [[getattr(one, name) for one in some] for name in
               ("message_id", "campaign_id", "member_id")]  # fmt: skip
    rows = await tx.fetch(_BEFORE, tx.program_id, *columns, tx.now - ONE_PERSON)
    return {row["message_id"] for row in rows}


async def saved(tx: Tx, segment_id: UUID) -> int | None:
    """By which version of its condition a segment counts who is in it."""
    rows = await tx.fetch(_SAVED, tx.program_id, segment_id)
    return rows[0]["saved"] if rows else None


async def counts(tx: Tx, campaign_id: UUID) -> list[Counted]:
    """How many messages are in which state, for which reason."""
    return [Counted(**row) for row in await tx.fetch(_COUNTS, tx.program_id, campaign_id)]


async def points(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, dict[int, int]]:
    """What these members have to spend, by the small number of each wallet, in its units."""
    found: dict[UUID, dict[int, int]] = {}
    for row in await tx.fetch(_STANDS, tx.program_id, list(ids)):
        found.setdefault(row["member_id"], {})[row["wallet"]] = row["available"]
    return found


async def tiers(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, str]:
    """On which tier these members stand."""
    rows = await tx.fetch(_TIERS, tx.program_id, list(ids))
    return {row["member_id"]: row["tier"] for row in rows}


async def of_segment(tx: Tx, segment_id: UUID) -> list[str]:
    """The codes of campaigns to this segment that are not over."""
    return [row["code"] for row in await tx.fetch(_OF_SEGMENT, tx.program_id, segment_id)]


async def inside(tx: Tx, segment_id: UUID) -> int:
    """How many members are in the segment."""
    return int((await tx.fetch(_INSIDE, tx.program_id, segment_id))[0]["many"])


async def active(tx: Tx) -> int:
    """How many active members there are."""
    return int((await tx.fetch(_ACTIVE, tx.program_id))[0]["many"])


async def letters(
    tx: Tx, ids: Sequence[UUID], channel: str = "email"
) -> dict[UUID, tuple[UUID, bytes]]:
    """Of these messages, those that were sent by this channel: to whom, and which address."""
    rows = await tx.fetch(_LETTERS, tx.program_id, list(ids), channel) if ids else ()
    return {row["message_id"]: (row["member_id"], bytes(row["address"])) for row in rows}


def _campaign(row: Mapping[str, Any]) -> Campaign:
    told = {
        "says": _says(row["says"]), "variants": _variants(row["variants"]),
        "offers": tuple(row["offers"]), "instead": _instead(row["instead"]),
        "reach": None if row["reach"] is None else _reach(row["reach"]),
        "writers": tuple(row["writers"]),
    }  # fmt: skip
    return Campaign(**{**row, **told})
