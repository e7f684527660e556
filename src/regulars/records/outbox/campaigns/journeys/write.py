"""Keep journeys, let members begin and go on, and keep what is behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.outbox.campaigns.journeys.types import (
    Asked,
    Journey,
    JourneyPlan,
    MessageStep,
    Moved,
    OnActivity,
    OnEntering,
    OnEvent,
    OnJoining,
    OnLeaving,
    OnTermEnd,
    Passed,
    Trigger,
)

_KEEPING = waiting_for(Alone.JOURNEYS)
_KEEP = """
insert into journey (
       program_id, journey_id, code, name, state, version, published, made_at, made_by, changed_at,
       changed_by, begins_at, published_by, ended_at, ended_by)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text, $6::int, $7::int, $8::timestamptz,
        $9::text, $10::timestamptz, $11::text, $12::timestamptz, $13::text, $14::timestamptz,
        $15::text)
    on conflict (program_id, journey_id) do update
   set name = excluded.name, state = excluded.state, version = excluded.version,
       published = excluded.published, changed_at = excluded.changed_at,
       changed_by = excluded.changed_by, begins_at = excluded.begins_at,
       published_by = excluded.published_by, ended_at = excluded.ended_at,
       ended_by = excluded.ended_by
"""
_PLANNED = """
insert into journey_version (program_id, journey_id, version, plan, made_at, made_by)
values ($1::int, $2::uuid, $3::int, $4::text::jsonb, $5::timestamptz, $6::text)
"""
_DROP = (
    "delete from journey_version where program_id = $1::int and journey_id = $2::uuid",
    "delete from journey where program_id = $1::int and journey_id = $2::uuid and state = 'draft'",
)
_SAYS = """
insert into campaign (
       program_id, campaign_id, code, name, channel, says, held_percent, local, state, version,
       made_at, made_by, changed_at, changed_by, approved_at, approved_by, queued_at, holds_out,
       journey_id, journey_version, survey_id, variants)
select $1::int, s.id, s.code, $2::text, s.channel, s.says::jsonb, $3::int, false, 'sending', 1,
       $4::timestamptz, $5::text, $4::timestamptz, $5::text, $4::timestamptz, $5::text,
       $4::timestamptz, $6::bool, $7::uuid, $8::int, s.survey, s.variants::jsonb
  from unnest($9::uuid[], $10::text[], $11::text[], $12::text[], $13::uuid[], $14::text[])
       as s (id, code, channel, says, survey, variants)
"""
_STOP = """
update campaign set state = 'stopped', ended_at = $3::timestamptz, ended_by = $4::text
 where program_id = $1::int and journey_id = $2::uuid and state = 'sending'
"""
# What an earlier version says is over once nobody goes by it and nothing of it waits.
_TIDY = """
update campaign c set state = 'sent', ended_at = $2::timestamptz
  from journey j
 where c.program_id = $1::int and c.state = 'sending' and j.program_id = $1::int
   and j.journey_id = c.journey_id and c.journey_version < j.published
   and not exists (select from journey_run r
                    where r.program_id = $1::int and r.journey_id = c.journey_id
                      and r.version = c.journey_version and r.ended_at is null)
   and not exists (select from campaign_message m
                    where m.program_id = $1::int and m.campaign_id = c.campaign_id
                      and m.state in ('waiting', 'sending'))
"""
_BEGIN = """
insert into journey_reach (program_id, cluster, below_tx)
values ($1::int, $2::bigint, $3::bigint) on conflict (program_id) do nothing
"""
_REACHED = """
update journey_reach set cluster = $2::bigint, below_tx = $3::bigint
 where program_id = $1::int
"""
_WAITED = """
update journey j set waits_tx = w.waits_tx
  from unnest($2::uuid[], $3::bigint[]) as w (journey_id, waits_tx)
 where j.program_id = $1::int and j.journey_id = w.journey_id
"""
_NEWLY = "update journey set waits_tx = null where program_id = $1::int and waits_tx is not null"
_WALKED = """
update journey_reach set walked_at = $2::timestamptz
 where program_id = $1::int
   and (walked_at is null or walked_at < $2::timestamptz - interval '1 minute')
"""
# Whom it happened to within these transactions, and when; each kind of trigger has its own.
_TOLD = """
select o.member_id, o.recorded_at as at from outbox o
 where o.program_id = $1::int and o.recorded_tx >= $2::bigint and o.recorded_tx < $3::bigint
   and o.recorded_at > $4::timestamptz and o.type = $5::text
"""
_DID = """
select o.member_id, o.recorded_at as at from activity o
 where o.program_id = $1::int and o.recorded_tx >= $2::bigint and o.recorded_tx < $3::bigint
   and o.recorded_at > $4::timestamptz and o.kind = $5::text
   and o.occurred_at > o.recorded_at - interval '3 days'
"""
_MOVES = """
select o.member_id, o.at from segment_move o join segment s using (program_id, segment_id)
 where o.program_id = $1::int and o.recorded_tx >= $2::bigint and o.recorded_tx < $3::bigint
   and o.at > $4::timestamptz and s.code = $5::text and o.entered
"""
# Not by what happened within these transactions but by the day, and for two days from then on: who
# was not looked at by then hears nothing too late. Whoever went for this term goes no second time.
# A term that is no longer than those days has its day halfway (ADR 0877): before it began nobody
# could be told, and on its first day nobody needs to be. Such a one ends within half of the days.
_TERMS = """
select t.member_id, t.at
  from membership_clock k
  cross join lateral (
         select n.member_id, n.state, n.until_at,
                n.until_at - case when n.until_at - n.from_at > make_interval(days => $5::text::int)
                                  then make_interval(days => $5::text::int)
                                  else (n.until_at - n.from_at) / 2 end as at
           from membership_turn n
          where n.program_id = $1::int and n.member_id = k.member_id
            and n.membership_id = k.membership_id
          order by n.step desc limit 1) t
 where k.program_id = $1::int and $2::bigint <= $3::bigint
   and (k.look_at > $9::timestamptz + make_interval(days => $5::text::int) - interval '2 days'
        and k.look_at <= $9::timestamptz + make_interval(days => $5::text::int)
        or k.look_at > $9::timestamptz
        and k.look_at <= $9::timestamptz + make_interval(days => $5::text::int) / 2)
   and t.until_at = k.look_at and t.state in ('trial', 'active', 'cancelled')
   and t.at <= $9::timestamptz and t.at > $9::timestamptz - interval '2 days'
   and t.at > $4::timestamptz
   and not exists (
       select from journey_run x
        where x.program_id = $1::int and x.member_id = t.member_id and x.journey_id = $6::uuid
          and x.begun_at >= t.at)
"""
_SOURCES: Final[dict[type, str]] = {
    # Who was brought from elsewhere has been a member for long.
    OnJoining: f"""select o.* from ({_TOLD}) o
                     join member n on n.program_id = $1::int and n.member_id = o.member_id
                    where n.joined_at > o.at - interval '3 days'""",  # noqa: S608
    OnEvent: _TOLD,
    OnActivity: _DID,
    OnEntering: _MOVES,
    OnLeaving: _MOVES.replace("and o.entered", "and not o.entered"),
    OnTermEnd: _TERMS,
}
# One at a time of each member: the index of open ones refuses a second, whoever began it.
# `offset 0`: each is looked up by their id, also where nobody has counted the rows yet. Of 4,000
# who joined since the last round each was compared with all of them: 18 seconds instead of one.
_ENTER = """
insert into journey_run (program_id, journey_id, version, member_id, begun_at, step, since, due_at)
select $1::int, $6::uuid, $7::int, w.who, w.at, $8::text, $9::timestamptz, $9::timestamptz
  from (select coalesce(l.into_id, o.member_id) as who, max(o.at) as at
          from ({source}) o
          left join member_alias l on l.program_id = $1::int and l.member_id = o.member_id
         group by 1) w
  cross join lateral (
         select from member m
          where m.program_id = $1::int and m.member_id = w.who and m.state = 'active' offset 0) m
 where ($10::text = '' or exists (
           select from segment_member i join segment s using (program_id, segment_id)
            where i.program_id = $1::int and i.member_id = w.who and s.code = $10::text))
   and not exists (select from journey_run r
            where r.program_id = $1::int and r.journey_id = $6::uuid and r.member_id = w.who
              and (r.ended_at is null or $11::int is null
                   or r.ended_at > $9::timestamptz - make_interval(days => $11::int)))
   and not exists (select from member_alias f join journey_run r using (program_id, member_id)
    where program_id = $1::int and f.into_id = w.who and r.journey_id = $6::uuid and why <> 'united'
        and (r.ended_at > $9::timestamptz - make_interval(days => $11::int)) is not false)
 order by w.who
    on conflict do nothing
"""
# Also who came to the end, and has not been told yet what was said there: it is not sent any more.
_EXIT = """
update journey_run r set ended_at = coalesce(r.ended_at, $8::timestamptz), why = 'exit'
  from (select coalesce(l.into_id, o.member_id) as who, max(o.at) as at
          from ({source}) o
          left join member_alias l on l.program_id = $1::int and l.member_id = o.member_id
         group by 1) w
  cross join lateral (
         select e.run_id from journey_run e
          where e.program_id = $1::int and e.journey_id = $6::uuid and e.version = $7::int
            and e.member_id = w.who and e.begun_at < w.at
            and (e.ended_at is null or (e.why = 'done' and exists (
                 select from campaign_message m
                  where m.program_id = $1::int and m.member_id = w.who and m.run_id = e.run_id
                    and m.state in ('waiting', 'sending')))) offset 0) e
 where r.program_id = $1::int and r.run_id = e.run_id
"""
_HOLDS_OUT = """
update journey_version set holds_out = $4::bool
 where program_id = $1::int and journey_id = $2::uuid and version = $3::int
"""
_PASS = """
insert into journey_pass (program_id, run_id, step, journey_id, version, at, outcome)
select $1::int, p.run_id, p.step, p.journey_id, p.version, $2::timestamptz, p.outcome
  from unnest($3::uuid[], $4::text[], $5::uuid[], $6::int[], $7::text[])
       as p (run_id, step, journey_id, version, outcome)
"""
# Chance drew for the journey, so that somebody is held out of all that it says, or of nothing.
_ASK = """
insert into campaign_message (program_id, campaign_id, member_id, run_id, state, reason, try_at,
                              asked_at, settled_at, variant)
select $1::int, a.campaign_id, a.member_id, a.run_id,
       case when a.held = '' then 'waiting' else 'held_out' end, a.held, $2::timestamptz,
       $2::timestamptz, case when a.held <> '' then $2::timestamptz end,
       case when a.held = '' then a.variant end
  from (select t.*, case when exists (
                     select from experiment_member x
                       join experiment e using (program_id, experiment_id)
                      where x.program_id = $1::int and x.member_id = t.member_id and x.arm = 0
                        and e.kind = 'everybody' and e.begun_at is not null and e.ended_at is null)
                    then 'everywhere' when t.here then 'here' else '' end as held
          from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::bool[], $7::int[])
               as t (campaign_id, member_id, run_id, here, variant)) a
"""
_MOVE = """
update journey_run r
   set step = t.step, since = t.since, due_at = t.due_at, why = t.why,
       ended_at = case when t.why <> '' then $2::timestamptz end
  from unnest($3::uuid[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[])
       as t (run_id, step, since, due_at, why)
 where r.program_id = $1::int and r.run_id = t.run_id and r.ended_at is null
"""
_END = """
update journey_run r set ended_at = $2::timestamptz, why = 'ended'
 where r.program_id = $1::int and r.ended_at is null and r.run_id in (
       select o.run_id from journey_run o join journey j using (program_id, journey_id)
        where o.program_id = $1::int and o.ended_at is null and j.state = 'ended'
        order by o.run_id limit $3::int for update of o skip locked)
returning 1
"""


class Span(msgspec.Struct, frozen=True):
    """Which transactions are looked at, and from when on what they tell counts."""

    from_tx: int
    below_tx: int
    since: datetime


async def hold(tx: Tx) -> None:
    """Until this transaction is over nobody else keeps a journey."""
    await tx.fetch(_KEEPING, tx.program_id)


def keep(tx: Tx, one: Journey) -> list[Write]:
    """This journey is as said from now on."""
    args = (
        tx.program_id, one.journey_id, one.code, one.name, one.state, one.version, one.published,
        one.made_at, one.made_by, one.changed_at, one.changed_by, one.begins_at, one.published_by,
        one.ended_at, one.ended_by,
    )  # fmt: skip
    return [Write(_KEEP, args)]


def planned(tx: Tx, one: Journey, plan: JourneyPlan) -> list[Write]:
    """The plan of its latest version."""
    told = msgspec.json.encode(plan).decode()
    args = (tx.program_id, one.journey_id, one.version, told, one.changed_at, one.changed_by)
    return [Write(_PLANNED, args)]


def drop(tx: Tx, one: Journey) -> list[Write]:
    """It is gone; only what was never published is."""
    return [Write(sql, (tx.program_id, one.journey_id)) for sql in _DROP]


def says(
    tx: Tx, one: Journey, steps: Sequence[tuple[MessageStep, UUID | None]], held: tuple[int, bool]
) -> list[Write]:
    """What the steps of its published version say, each with the survey it bears; `held` is how
    many of a hundred are held out, and whether anybody is."""
    if not steps:
        return []
    columns: list[list[Any]] = [
        [tx.new_id() for _ in steps],
        [step.id for step, _ in steps],
        [step.channel for step, _ in steps],
        [msgspec.json.encode(step.says).decode() for step, _ in steps],
        [survey for _, survey in steps],
        [msgspec.json.encode(step.variants).decode() for step, _ in steps],
    ]
    percent, holds_out = held
    args = (
        tx.program_id, one.name, percent, tx.now, one.published_by, holds_out, one.journey_id,
        one.published, *columns,
    )  # fmt: skip
    return [Write(_SAYS, args)]


def holds_out(tx: Tx, one: Journey, does: bool) -> list[Write]:
    """Whether somebody is held out of its published version, as decided now."""
    return [Write(_HOLDS_OUT, (tx.program_id, one.journey_id, one.published, does))]


def stop(tx: Tx, one: Journey) -> list[Write]:
    """Nothing of it is said any more."""
    return [Write(_STOP, (tx.program_id, one.journey_id, tx.now, one.ended_by))]


def tidy(tx: Tx) -> list[Write]:
    """Nobody is left whose time has come; and what only earlier versions say is over, where nobody
    goes by them any more."""
    return [Write(sql, (tx.program_id, tx.now)) for sql in (_WALKED, _TIDY)]


def begin(tx: Tx, cluster: int, below_tx: int) -> list[Write]:
    """From here on it is looked at what happens."""
    return [Write(_BEGIN, (tx.program_id, cluster, below_tx))]


def reached(tx: Tx, cluster: int, below_tx: int) -> list[Write]:
    """All below this transaction was looked at; for who begins what names a segment, as far as
    `waited` says."""
    return [Write(_REACHED, (tx.program_id, cluster, below_tx))]


def waited(tx: Tx, waits: Mapping[UUID, int | None]) -> list[Write]:
    """For who begins each of these journeys all below this transaction was looked at; nothing:
    as far as for all others."""
    return [Write(_WAITED, (tx.program_id, list(waits), list(waits.values())))] if waits else []


def newly(tx: Tx, cluster: int, below_tx: int) -> list[Write]:
    """All that happened under other numbers is behind every journey."""
    return [*reached(tx, cluster, below_tx), Write(_NEWLY, (tx.program_id,))]


def enter(tx: Tx, journey_id: UUID, version: int, plan: JourneyPlan, span: Span) -> list[Write]:
    """Whoever this journey begins for is at its first step; done again it changes nothing."""
    args = (
        tx.program_id, span.from_tx, span.below_tx, span.since, _meant(plan.begins), journey_id,
        version, plan.steps[0].id, tx.now, plan.only_in, plan.again_days,
    )  # fmt: skip
    return [Write(_ENTER.format(source=_SOURCES[type(plan.begins)]), args)]


def leave(tx: Tx, journey_id: UUID, version: int, ends_on: Trigger, span: Span) -> list[Write]:
    """Whoever did what ends this journey goes no further, and what waits for them is not sent.

    Order: by when each began; the span says which transactions, whether it ran or paused then.
    """
    args = (
        tx.program_id, span.from_tx, span.below_tx, span.since, _meant(ends_on), journey_id,
        version, tx.now,
    )  # fmt: skip
    return [Write(_EXIT.format(source=_SOURCES[type(ends_on)]), args)]


def went(
    tx: Tx, passed: Sequence[Passed], asked: Sequence[Asked], moved: Sequence[Moved]
) -> list[Write]:
    """What is behind these members, what they are to be told, and where they are now."""
    here, writes = (tx.program_id, tx.now), list[Write]()
    names: tuple[str, ...]
    if passed:
        names = ("run_id", "step", "journey_id", "version", "outcome")
        writes.append(Write(_PASS, (*here, *_columns(passed, names))))
    if asked:
        names = ("campaign_id", "member_id", "run_id", "held", "variant")
        writes.append(Write(_ASK, (*here, *_columns(asked, names))))
    if moved:
        names = ("run_id", "step", "since", "due_at", "why")
        writes.append(Write(_MOVE, (*here, *_columns(moved, names))))
    return writes


async def end(tx: Tx, most: int) -> int:
    """The next who are on their way through a journey that is over go no further; how many."""
    return len(await tx.fetch(_END, tx.program_id, tx.now, most))


def _meant(one: Trigger) -> str:
    match one:
        case OnJoining():
            return "member.joined"
        case OnEntering() | OnLeaving():
            return one.segment
        case OnActivity():
            return one.kind
        case OnEvent():
            return one.event
        case OnTermEnd():
            return str(one.days)


def _columns(some: Sequence[Any], names: tuple[str, ...]) -> list[list[Any]]:
    return [[getattr(one, name) for one in some] for name in names]
