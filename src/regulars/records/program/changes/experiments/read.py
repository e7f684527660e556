"""Look up experiments, who is in which arm, and what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.program.changes.experiments.types import Arm, Experiment, Look

_COLUMNS = """
select experiment_id, code, title, kind, outcome, arms, parts, seed, wanted, ends_at, made_at,
       made_by, begun_at, ended_at, ended_by, why, emptied_at
  from experiment where program_id = $1::int
"""
_ALL = f"{_COLUMNS} order by made_at desc, experiment_id desc limit $2::int"
_ONE = f"{_COLUMNS} and code = $2::text"
_RUNNING = f"{_COLUMNS} and begun_at is not null and ended_at is null order by experiment_id"
_FULL = f"{_COLUMNS} and ended_at is not null and emptied_at is null order by experiment_id"
# What happened between the last look and the end is seen by one look more.
_TO_LOOK = f"""
select * from ({_COLUMNS} and begun_at is not null) e
 where e.ended_at is null or not exists (
       select from experiment_look l
        where l.program_id = $1::int and l.experiment_id = e.experiment_id and l.at >= e.ended_at)
 order by e.experiment_id
"""  # noqa: S608 - a statement of ours
# Active members who are in no arm yet, in the order of ids from a place on. Cards nobody joined
# with are left out: nobody can be told anything, and they become somebody else's.
_UNPLACED = """
select m.member_id from member m
 where m.program_id = $1::int and m.state = 'active' and m.member_id > $3::uuid
   and not exists (select from experiment_member e
                    where e.program_id = m.program_id and e.experiment_id = $2::uuid
                      and e.member_id = m.member_id)
 order by m.member_id limit $4::int
"""
_COUNTS = """
select experiment_id, arm, count(*) as members from experiment_member
 where program_id = $1::int and experiment_id = any($2::uuid[]) group by 1, 2
"""
_ARMS_OF = """
select e.code, e.arms[p.arm + 1] as arm, p.since, e.ended_at
  from experiment_member p join experiment e using (program_id, experiment_id)
 where p.program_id = $1::int and p.member_id = $2::uuid order by p.since, e.code
"""
_OF_ALL = """
select x.member_id from experiment_member x join experiment e using (program_id, experiment_id)
 where x.program_id = $1::int and x.member_id = any($2::uuid[]) and x.arm = 0
   and e.kind = 'everybody' and e.begun_at is not null and e.ended_at is null
"""
_LOOKS = """
select at, found from experiment_look
 where program_id = $1::int and experiment_id = $2::uuid order by day desc limit $3::int
"""
_IN_ARM = """
select p.member_id, p.since from experiment_member p
 where p.program_id = $1::int and p.experiment_id = $2::uuid and p.arm = $3::int
   and p.member_id > $4::uuid
 order by p.member_id limit $5::int
"""
_ACTIVE = "select count(*) as many from member where program_id = $1::int and state = 'active'"
_found = msgspec.json.Decoder(dict[str, Any]).decode


async def experiments(tx: Tx, most: int = 100) -> list[Experiment]:
    """What was ever planned or tried, the latest first."""
    return [_experiment(row) for row in await tx.fetch(_ALL, tx.program_id, most)]


async def experiment(tx: Tx, code: str) -> Experiment | None:
    """The experiment of this code."""
    rows = await tx.fetch(_ONE, tx.program_id, code)
    return _experiment(rows[0]) if rows else None


async def running(tx: Tx) -> list[Experiment]:
    """Those that have begun and are not over."""
    return [_experiment(row) for row in await tx.fetch(_RUNNING, tx.program_id)]


async def to_look(tx: Tx) -> list[Experiment]:
    """Those that run, and those that are over while nobody looked since."""
    return [_experiment(row) for row in await tx.fetch(_TO_LOOK, tx.program_id)]


async def to_empty(tx: Tx) -> list[Experiment]:
    """Those that are over while members are still said to be in their arms."""
    return [_experiment(row) for row in await tx.fetch(_FULL, tx.program_id)]


async def unplaced(tx: Tx, experiment_id: UUID, after: UUID, most: int) -> list[UUID]:
    """Active members behind `after` who are in no arm of it, in the order of their ids."""
    rows = await tx.fetch(_UNPLACED, tx.program_id, experiment_id, after, most)
    return [row["member_id"] for row in rows]


async def counts(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, dict[int, int]]:
    """How many members are in each arm of these."""
    found: dict[UUID, dict[int, int]] = {}
    for row in await tx.fetch(_COUNTS, tx.program_id, list(ids)):
        found.setdefault(row["experiment_id"], {})[row["arm"]] = row["members"]
    return found


async def arms_of(tx: Tx, member_id: UUID) -> list[Mapping[str, Any]]:
    """In which arms somebody is: code, name of the arm, since when, and when it was over."""
    return list(await tx.fetch(_ARMS_OF, tx.program_id, member_id))


async def held_out_of_all(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Who of these is held out of all campaigns, journeys and offers."""
    rows = await tx.fetch(_OF_ALL, tx.program_id, list(ids)) if ids else ()
    return {row["member_id"] for row in rows}


async def looks(tx: Tx, experiment_id: UUID, most: int = 1) -> list[Look]:
    """What was seen, the latest day first."""
    rows = await tx.fetch(_LOOKS, tx.program_id, experiment_id, most)
    return [Look(row["at"], _found(row["found"])) for row in rows]


async def in_arm(
    tx: Tx, experiment_id: UUID, arm: int, after: UUID, most: int
) -> list[tuple[UUID, datetime]]:
    """Who is in an arm, and since when, behind `after` in the order of their ids."""
    rows = await tx.fetch(_IN_ARM, tx.program_id, experiment_id, arm, after, most)
    return [(row["member_id"], row["since"]) for row in rows]


async def active_members(tx: Tx) -> int:
    """How many there are to be put into arms."""
    return int((await tx.fetch(_ACTIVE, tx.program_id))[0]["many"])


def _experiment(row: Mapping[str, Any]) -> Experiment:
    told = dict(row)
    arms = zip(told.pop("arms"), told.pop("parts"), strict=True)
    return Experiment(arms=tuple(Arm(*arm) for arm in arms), **told)
