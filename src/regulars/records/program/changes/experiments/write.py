"""Keep experiments, who is in which arm, and what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.program.changes.experiments.types import Experiment, Look, Placed

_LOCK = waiting_for(Alone.EXPERIMENTS)
_KEEP = """
insert into experiment (program_id, experiment_id, code, title, kind, outcome, arms, parts, seed,
                        wanted, ends_at, made_at, made_by, begun_at, ended_at, ended_by, why)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::text[], $8::int[],
        $9::bytea, $10::int, $11::timestamptz, $12::timestamptz, $13::text, $14::timestamptz,
        $15::timestamptz, $16::text, $17::text)
    on conflict (program_id, experiment_id) do update
   set title = excluded.title, kind = excluded.kind, outcome = excluded.outcome,
       arms = excluded.arms, parts = excluded.parts, wanted = excluded.wanted,
       ends_at = excluded.ends_at, begun_at = excluded.begun_at, ended_at = excluded.ended_at,
       ended_by = excluded.ended_by, why = excluded.why
"""
_DROP = """
delete from experiment where program_id = $1::int and experiment_id = $2::uuid and begun_at is null
"""
_PLACE = """
insert into experiment_member (program_id, experiment_id, member_id, arm, since)
select $1::int, $2::uuid, m.member_id, m.arm, $3::timestamptz
  from unnest($4::uuid[], $5::smallint[]) as m (member_id, arm)
    on conflict do nothing
"""
_SAY = """
update member m
   set derived = coalesce(m.derived, '{}'::jsonb) || jsonb_build_object($2::text, a.arm)
  from unnest($3::uuid[], $4::text[]) as a (member_id, arm)
 where m.program_id = $1::int and m.member_id = a.member_id and m.state <> 'erased'
"""
# Some members at a time: of an experiment that is over nobody is in an arm any more.
_UNSAY = """
with these as (
    select member_id from experiment_member
     where program_id = $1::int and experiment_id = $2::uuid and member_id > $4::uuid
     order by member_id limit $5::int
), unsaid as (
    update member m set derived = nullif(m.derived - $3::text, '{}'::jsonb)
      from these t
     where m.program_id = $1::int and m.member_id = t.member_id and m.derived ? $3::text
)
select member_id from these order by member_id desc limit 1
"""
_EMPTIED = """
update experiment set emptied_at = $3::timestamptz
 where program_id = $1::int and experiment_id = $2::uuid and ended_at is not null
"""
_LOOK = """
insert into experiment_look (program_id, experiment_id, day, at, found)
values ($1::int, $2::uuid, $3::date, $4::timestamptz, $5::text::jsonb)
    on conflict (program_id, experiment_id, day) do update
   set at = excluded.at, found = excluded.found
"""


async def hold(tx: Tx) -> None:
    """Until this transaction is over nobody else plans, begins or ends an experiment."""
    await tx.fetch(_LOCK, tx.program_id)


def keep(tx: Tx, one: Experiment) -> list[Write]:
    """This experiment is as said from now on."""
    arms, parts = [arm.name for arm in one.arms], [arm.parts for arm in one.arms]
    args = (
        tx.program_id, one.experiment_id, one.code, one.title, one.kind, one.outcome, arms, parts,
        one.seed, one.wanted, one.ends_at, one.made_at, one.made_by, one.begun_at, one.ended_at,
        one.ended_by, one.why,
    )  # fmt: skip
    return [Write(_KEEP, args)]


def drop(tx: Tx, one: Experiment) -> list[Write]:
    """What never began is forgotten."""
    return [Write(_DROP, (tx.program_id, one.experiment_id))]


def place(tx: Tx, one: Experiment, placed: Sequence[Placed]) -> list[Write]:
    """These members are in these arms; who is in one already stays there."""
    ids, arms = [each.member_id for each in placed], [each.arm for each in placed]
    named = [one.arms[arm].name for arm in arms]
    return [
        Write(_PLACE, (tx.program_id, one.experiment_id, tx.now, ids, arms)),
        Write(_SAY, (tx.program_id, one.attribute, ids, named)),
    ]


async def unsay(tx: Tx, one: Experiment, after: UUID, most: int) -> UUID | None:
    """Members behind `after`, so many at most, are in no arm of it any more; the last of them."""
    rows = await tx.fetch(_UNSAY, tx.program_id, one.experiment_id, one.attribute, after, most)
    return UUID(bytes=rows[0]["member_id"].bytes) if rows else None


def emptied(tx: Tx, one: Experiment) -> list[Write]:
    """Nobody is said to be in an arm of it any more."""
    return [Write(_EMPTIED, (tx.program_id, one.experiment_id, tx.now))]


def keep_look(tx: Tx, one: Experiment, day: date, look: Look) -> list[Write]:
    """What was seen on this day of the shop; the last of a day stays."""
    found = msgspec.json.encode(look.found).decode()
    return [Write(_LOOK, (tx.program_id, one.experiment_id, day, look.at, found))]
