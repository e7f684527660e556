"""Count what came back of campaigns and of the steps of journeys."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.campaigns.returned.types import Suspect, Tally

# What was refused as it was handed over was sent as well, and came back at once.
_WENT: Final = "(m.state in ('sent', 'unknown') or m.returned is not null)"
# Of what lies in a card or is told to webhooks nothing comes back: it makes no share smaller.
_BY_LETTER: Final = (
    "(coalesce(nullif(m.channel, ''), c.channel) = 'email' or m.returned is not null)"
)
_BACK: Final = """
count(*) filter (where m.returned = 'hard') as bounces,
       count(*) filter (where m.returned = 'complaint') as complaints
"""
_BY_WAY: Final = f"""
select coalesce(m.variant, 0)::int as way, count(*) as sent, {_BACK}
  from campaign_message m join campaign c using (program_id, campaign_id)
 where m.program_id = $1::int and m.campaign_id = $2::uuid and {_WENT}
   and (c.instead = '[]' or {_BY_LETTER})
 group by 1 order by 1
"""  # noqa: S608
_BY_STEP: Final = f"""
select c.code as step, count(*) as sent, {_BACK}
  from campaign c join campaign_message m using (program_id, campaign_id)
 where c.program_id = $1::int and c.journey_id = $2::uuid and {_WENT}
 group by 1 order by 1
"""  # noqa: S608
# What was noted by a transaction that began before the last look, and ended after it, is seen by
# the next: a minute is looked at twice.
_SUSPECTS: Final = f"""
select c.campaign_id, c.code, c.name, c.journey_id, coalesce(j.code, '') as journey, b.*
  from campaign c
  left join journey j on j.program_id = c.program_id and j.journey_id = c.journey_id
 cross join lateral (
       select {_BACK} from campaign_message m
        where m.program_id = $1::int and m.campaign_id = c.campaign_id and m.returned is not null
          and (c.judged_from is null or m.settled_at >= c.judged_from)) b
 where c.program_id = $1::int and c.state in ('queueing', 'sending') and c.paused_at is null
   and (c.journey_id is null or j.state = 'running')
   and exists (select from campaign_message m
                where m.program_id = $1::int and m.campaign_id = c.campaign_id
                  and m.returned is not null
                  and (c.judged_at is null
                       or m.returned_at > c.judged_at - interval '1 minute'))
 order by c.made_at, c.campaign_id
"""  # noqa: S608
_SENT: Final = f"""
select count(*) as sent from (
       select from campaign_message m join campaign c using (program_id, campaign_id)
        where m.program_id = $1::int and m.campaign_id = $2::uuid and {_WENT} and {_BY_LETTER}
          and (c.judged_from is null or m.settled_at >= c.judged_from) limit $3::int) counted
"""  # noqa: S608
_PAUSED: Final = """
select distinct code, paused_why from campaign
 where program_id = $1::int and journey_id = $2::uuid and paused_at is not null order by 1
"""


async def by_way(tx: Tx, campaign_id: UUID) -> list[Tally]:
    """What came back of a campaign, by the way in which it was said."""
    rows = await tx.fetch(_BY_WAY, tx.program_id, campaign_id)
    return [Tally(**row) for row in rows]


async def by_step(tx: Tx, journey_id: UUID) -> list[Tally]:
    """What came back of a journey, by its steps over all its versions."""
    rows = await tx.fetch(_BY_STEP, tx.program_id, journey_id)
    return [Tally(**row) for row in rows]


async def suspects(tx: Tx) -> list[Suspect]:
    """What goes out and had something come back since it was looked at last."""
    return [Suspect(**row) for row in await tx.fetch(_SUSPECTS, tx.program_id)]


async def sent(tx: Tx, campaign_id: UUID, most: int) -> int:
    """How many of it were sent since it is judged, at most so many."""
    return int((await tx.fetch(_SENT, tx.program_id, campaign_id, most))[0]["sent"])


async def paused_steps(tx: Tx, journey_id: UUID) -> dict[str, str]:
    """For which steps a journey pauses by itself, and why."""
    rows = await tx.fetch(_PAUSED, tx.program_id, journey_id)
    return {row["code"]: row["paused_why"] for row in rows}
