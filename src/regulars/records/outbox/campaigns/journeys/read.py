"""Look up journeys, who is due on their way through one, and how many are where."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.outbox.campaigns.journeys.types import (
    Journey,
    JourneyPlan,
    OfMember,
    Run,
    StepCount,
    WayCount,
)

_WRITERS = """
select distinct made_by from journey_version
 where program_id = $1::int and journey_id = $2::uuid and version > $3::int
"""
_COLUMNS = """
select journey_id, code, name, state, version, published, made_at, made_by, changed_at, changed_by,
       begins_at, published_by, ended_at, ended_by
  from journey where program_id = $1::int
"""
_ALL = f"{_COLUMNS} order by made_at desc, code"
_ONE = f"{_COLUMNS} and code = $2::text"
_RUNNING = f"{_COLUMNS} and state = 'running' order by made_at, code"
_OPEN = f"{_COLUMNS} and state in ('running', 'paused') order by made_at, code"
_ANY = """
select exists (select from journey where program_id = $1::int and state <> 'draft')
    as there
"""
_PLAN = """
select plan::text as plan from journey_version
 where program_id = $1::int and journey_id = $2::uuid and version = $3::int
"""
# By which plans somebody is on their way or not told yet, or may begin now.
_IN_USE = """
select v.journey_id, v.version, v.plan::text as plan, v.version = j.published as begins,
       v.holds_out, j.waits_tx
  from journey j join journey_version v using (program_id, journey_id)
 where j.program_id = $1::int and j.journey_id = any($2::uuid[]) and v.version <= j.published
   and (v.version = j.published or exists (
       select from journey_run r
        where r.program_id = $1::int and r.journey_id = v.journey_id and r.version = v.version
          and r.ended_at is null)
    or exists (
       select from campaign c join campaign_message m using (program_id, campaign_id)
        where c.program_id = $1::int and c.journey_id = v.journey_id
          and c.journey_version = v.version and m.state in ('waiting', 'sending')))
 order by 1, 2
"""
_REACH = """
select cluster, below_tx from journey_reach
 where program_id = $1::int for update skip locked
"""
_BEGUN = "select exists (select from journey_reach where program_id = $1::int) as there"
# Whoever has one of these at hand is left to it: two workers walk with different members.
_DUE = """
select r.run_id, r.journey_id, r.version, r.member_id, r.step, r.since, r.due_at
  from journey_run r
 where r.program_id = $1::int and r.journey_id = any($2::uuid[]) and r.ended_at is null
   and r.due_at <= $3::timestamptz
 order by r.due_at limit $4::int for update skip locked
"""
_INSIDE = """
select m.member_id, s.code from segment_member m join segment s using (program_id, segment_id)
 where m.program_id = $1::int and m.member_id = any($2::uuid[]) and s.code = any($3::text[])
"""
_SEGMENTS = """
select code, segment_id from segment where program_id = $1::int and code = any($2::text[])
"""
_SAYING = """
select campaign_id, journey_id, journey_version, code, held_percent, holds_out,
       1 + jsonb_array_length(variants) as ways from campaign
 where program_id = $1::int and journey_id = any($2::uuid[])
"""
_OF = """
select j.code, j.name, r.version, r.begun_at, r.step, r.due_at, r.ended_at, r.why
  from journey_run r join journey j using (program_id, journey_id)
 where r.program_id = $1::int and r.member_id = $2::uuid
 order by r.begun_at desc, j.code limit $3::int
"""
_COUNTS = """
select version, step, 'there' as outcome, '' as reason, count(*) as members from journey_run
 where program_id = $1::int and journey_id = $2::uuid and ended_at is null group by 1, 2
union all
select version, step, outcome, '', count(*) from journey_pass
 where program_id = $1::int and journey_id = $2::uuid group by 1, 2, 3
union all
select c.journey_version, c.code, m.state, m.reason, count(*)
  from campaign c join campaign_message m using (program_id, campaign_id)
 where c.program_id = $1::int and c.journey_id = $2::uuid group by 1, 2, 3, 4
 order by 1, 2, 3, 4
"""
_TOTALS = """
select j.journey_id, count(r.run_id) filter (where r.ended_at is null) as under_way,
       count(r.run_id) as begun
  from journey j left join journey_run r using (program_id, journey_id)
 where j.program_id = $1::int and ($2::uuid is null or j.journey_id = $2::uuid) group by 1
"""
_ENDS = """
select why, count(*) as members from journey_run
 where program_id = $1::int and journey_id = $2::uuid and ended_at is not null group by 1 order by 1
"""
_NAMING = """
select j.code from journey j join journey_version v using (program_id, journey_id)
 where j.program_id = $1::int and j.state <> 'ended'
   and (v.version in (j.version, j.published) or exists (
       select from journey_run r
        where r.program_id = $1::int and r.journey_id = v.journey_id and r.version = v.version
          and r.ended_at is null))
   and jsonb_path_exists(v.plan, '$.** ? (@ == $code)', jsonb_build_object('code', $2::text))
 group by 1 order by 1
"""
# Of the latest version by which somebody came to the step: each draws anew, and says it otherwise.
_WAYS = """
with told as (
    select c.code as step, m.variant::int as way, c.journey_version::int as version, m.state,
           max(c.journey_version) over (partition by c.code) as latest
      from campaign c join campaign_message m using (program_id, campaign_id)
     where c.program_id = $1::int and c.journey_id = $2::uuid and m.variant is not null)
select step, way, version, count(*)::int as members,
       count(*) filter (where state = 'sent')::int as sent
  from told where version = latest group by 1, 2, 3 order by 1, 2
"""
_plan = msgspec.json.Decoder(JourneyPlan).decode


class Reach(NamedTuple):
    """How far what happened was looked at, by the numbers of which cluster."""

    cluster: int
    below_tx: int


class InUse(NamedTuple):
    """A plan by which somebody is on their way, or begins now."""

    journey_id: UUID
    version: int
    plan: JourneyPlan
    begins: bool
    holds_out: bool = False
    """Whether somebody is held out of what it offers."""
    waits_tx: int | None = None
    """Below which transaction it was looked at who begins it, where that is not as far as for all
    others."""


class Saying(NamedTuple):
    """What a step says: by which campaign, how many of a hundred are held out of it, and in how
    many ways."""

    campaign_id: UUID
    percent: int
    ways: int = 1


async def journeys(tx: Tx) -> list[Journey]:
    """Every journey, the latest first."""
    return [Journey(**row) for row in await tx.fetch(_ALL, tx.program_id)]


async def journey(tx: Tx, code: str) -> Journey | None:
    """The journey of this code."""
    rows = await tx.fetch(_ONE, tx.program_id, code)
    return Journey(**rows[0]) if rows else None


async def running(tx: Tx) -> list[Journey]:
    """Journeys that members begin and go through."""
    return [Journey(**row) for row in await tx.fetch(_RUNNING, tx.program_id)]


async def not_over(tx: Tx) -> list[Journey]:
    """Journeys that members may be on their way through, also those that pause."""
    return [Journey(**row) for row in await tx.fetch(_OPEN, tx.program_id)]


async def any_begun(tx: Tx) -> bool:
    """Whether there is a journey that the worker looks after."""
    return bool((await tx.fetch(_ANY, tx.program_id))[0]["there"])


async def writers(tx: Tx, one: Journey) -> set[str]:
    """Everybody who wrote any of its versions since the one that was published last."""
    rows = await tx.fetch(_WRITERS, tx.program_id, one.journey_id, one.published or 0)
    return {one.changed_by, *(row["made_by"] for row in rows)}


async def plan(tx: Tx, journey_id: UUID, version: int) -> JourneyPlan:
    """The plan of this version."""
    return _plan((await tx.fetch(_PLAN, tx.program_id, journey_id, version))[0]["plan"])


async def in_use(tx: Tx, ids: Sequence[UUID]) -> list[InUse]:
    """The plans of these journeys by which somebody is on their way, or begins now."""
    rows = await tx.fetch(_IN_USE, tx.program_id, list(ids))
    return [
        InUse(
            row["journey_id"],
            row["version"],
            _plan(row["plan"]),
            row["begins"],
            row["holds_out"],
            row["waits_tx"],
        )
        for row in rows
    ]


async def begun(tx: Tx) -> bool:
    """Whether somebody looks at what happens."""
    return bool((await tx.fetch(_BEGUN, tx.program_id))[0]["there"])


async def reach(tx: Tx) -> Reach | None:
    """How far what happened was looked at, under lock; nothing where another has it."""
    rows = await tx.fetch(_REACH, tx.program_id)
    return Reach(*rows[0].values()) if rows else None


async def due(tx: Tx, ids: Sequence[UUID], most: int) -> list[Run]:
    """Members on their way through these journeys whose time has come, the longest due first; held
    until this transaction ends."""
    return [Run(**row) for row in await tx.fetch(_DUE, tx.program_id, list(ids), tx.now, most)]


async def inside(tx: Tx, ids: Sequence[UUID], codes: Collection[str]) -> dict[UUID, set[str]]:
    """In which of these segments these members are."""
    found: dict[UUID, set[str]] = {}
    for row in await tx.fetch(_INSIDE, tx.program_id, list(ids), list(codes)) if codes else ():
        found.setdefault(row["member_id"], set()).add(row["code"])
    return found


async def segments(tx: Tx, codes: Collection[str]) -> dict[str, UUID]:
    """The ids of these segments, of those there are."""
    rows = await tx.fetch(_SEGMENTS, tx.program_id, list(codes)) if codes else ()
    return {row["code"]: row["segment_id"] for row in rows}


async def saying(tx: Tx, ids: Sequence[UUID]) -> dict[tuple[UUID, int, str], Saying]:
    """What the steps of these journeys say, by journey, version and step."""
    return {
        (row["journey_id"], row["journey_version"], row["code"]): Saying(
            row["campaign_id"], row["held_percent"] if row["holds_out"] else 0, row["ways"]
        )
        for row in await tx.fetch(_SAYING, tx.program_id, list(ids))
    }


async def of_member(tx: Tx, member_id: UUID, most: int = 50) -> list[OfMember]:
    """Through which journeys a member goes or went, the latest first."""
    return [OfMember(**row) for row in await tx.fetch(_OF, tx.program_id, member_id, most)]


async def counts(tx: Tx, journey_id: UUID) -> list[StepCount]:
    """How many are at each step, what came of it for others, and what became of its messages."""
    return [StepCount(**row) for row in await tx.fetch(_COUNTS, tx.program_id, journey_id)]


async def ways(tx: Tx, journey_id: UUID) -> list[WayCount]:
    """Of each step that is said in several ways, how many are to read which, of the latest version
    by which somebody came to it."""
    return [WayCount(**row) for row in await tx.fetch(_WAYS, tx.program_id, journey_id)]


async def totals(tx: Tx, journey_id: UUID | None = None) -> dict[UUID, tuple[int, int]]:
    """How many are on their way through each journey, and how many ever began it."""
    rows = await tx.fetch(_TOTALS, tx.program_id, journey_id)
    return {row["journey_id"]: (row["under_way"], row["begun"]) for row in rows}


async def ends(tx: Tx, journey_id: UUID) -> Mapping[str, int]:
    """For how many it ended, by why."""
    rows: Sequence[Mapping[str, Any]] = await tx.fetch(_ENDS, tx.program_id, journey_id)
    return {row["why"]: row["members"] for row in rows}


async def naming(tx: Tx, code: str) -> list[str]:
    """The codes of journeys that ask for this segment, and are not over."""
    return [row["code"] for row in await tx.fetch(_NAMING, tx.program_id, code)]
