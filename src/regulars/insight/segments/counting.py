"""Who is in a segment by its condition, counted and listed as of the rows that are there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.insight.segments.compiling import Asked, Statement, how_many, members_who
from regulars.records.members.read import member_of
from regulars.records.members.types import Member
from regulars.records.program.changes.segments.read import counts
from regulars.records.program.changes.segments.types import EVERYBODY

# Sets of a million ids are held in memory, not on the disk; each statement is planned for itself,
# and shared out among processes where it reads much and gathers nothing.
_SETTINGS: Final = """
select set_config('enable_seqscan', 'on', true), set_config('work_mem', '128MB', true),
       set_config('plan_cache_mode', 'force_custom_plan', true),
       set_config('max_parallel_workers_per_gather', $1::text, true),
       set_config('parallel_setup_cost', '100', true),
       set_config('parallel_tuple_cost', '0.02', true)
"""
_COLUMNS: Final = """m.member_id, m.number, m.state, m.given_name, m.family_name, m.locale, m.zone,
       m.attributes, m.joined_at, m.recorded_at"""


Warned = Literal["", "nobody", "everybody"]


class Counted(NamedTuple):
    """How many fit, and how many there are."""

    inside: int
    all: int


async def wide(tx: Tx, *, together: bool = False) -> None:
    """From here to its end this transaction may read whole tables, by several processes
    `together`."""
    await tx.fetch(_SETTINGS, "2" if together else "0")


async def count(tx: Tx, asked: Asked) -> Counted:
    """How many active members a condition holds for, and of how many."""
    told = how_many(asked, tx.program_id)
    await wide(tx, together=not told.grouped)
    rows = await tx.fetch(told.sql, *told.args)
    every = await counts(tx, [EVERYBODY])
    return Counted(rows[0]["many"], every.get(EVERYBODY, 0))


def warned(counted: Counted) -> Warned:
    """What is seldom meant: nobody, or everybody where there are several."""
    if counted.inside == 0:
        return "nobody"
    return "everybody" if counted.inside == counted.all > 1 else ""


async def some(tx: Tx, asked: Asked, after: UUID, most: int) -> list[Member]:
    """The next of them in the order of their ids, whole; so many at most."""
    await wide(tx)
    told = members_who(asked, tx.program_id)
    more = len(told.args)
    sql = (
        f"select {_COLUMNS} {told.sql} and m.member_id > ${more + 1}::uuid "
        f"order by m.member_id limit ${more + 2}::int"
    )
    return [member_of(row) for row in await tx.fetch(sql, *told.args, after, most)]


def ids_of(asked: Asked, program_id: int, among: Collection[UUID] | None = None) -> Statement:
    """The statement that finds the ids of all for whom it holds, or of those among a few."""
    told = members_who(asked, program_id, among)
    return told._replace(sql=f"select m.member_id {told.sql}")
