"""The fractions that rounding keeps for next time, worked out again from every deed (ADR 0850)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from regulars.engine.compiling.compile import compile_program
from regulars.engine.returning.remaining import left_by, not_said
from regulars.engine.returning.sale import Sale
from regulars.engine.terms import Terms, terms_of
from regulars.flows.terms.comes.stand_ins import copies
from regulars.insight.rebuild import Difference
from regulars.records.activity.read import from_row
from regulars.records.program import read
from regulars.records.program.reading import read_program
from regulars.records.trail.types import Steps, unpack

REMAINDERS: Final = "remainders"
AT_ONCE: Final = 2_000
"""Deeds that are worked out at a time; in memory are these and the sums of some members."""
MEMBERS_AT_ONCE: Final = 500
NOBODY: Final = UUID(int=0)
_PROGRAMS = "select program_id from program order by program_id"
_MEMBERS = """
select member_id from member where program_id = $1 and member_id > $2 order by member_id limit $3
"""
# Of each deed every decision; which of them is the last, its steps say.
_DECISIONS = """
select member_id, sale_id, packed from (
    select t.member_id, coalesce(t.sale_id, t.activity_id) as sale_id, t.packed
      from activity a join trail t using (program_id, activity_id, member_id)
     where a.program_id = $1 and a.member_id = any($2::uuid[])
       and a.member_id <> '00000000-0000-0000-0000-000000000000'
    union all
    select member_id, activity_id, packed from restatement
     where program_id = $1 and member_id = any($2::uuid[])) t
 order by member_id, sale_id
"""
_ACTIVITIES = """
select activity_id, member_id, kind, source, external_id, sale_id, occurred_at, store, channel,
       amount_minor, body::text as body, actor
  from activity where program_id = $1 and activity_id = any($2::uuid[])
"""
_KEPT = """
select member_id, counter, period, sum(value)::bigint as value, sum(before)::bigint as before
  from (select member_id, counter, period, value, 0 as before from counter
         where program_id = $1 and counter = any($2::int[]) and member_id = any($3::uuid[])
        union all
        select member_id, counter, period, 0, value from used_before
         where program_id = $1 and counter = any($2::int[]) and member_id = any($3::uuid[])) c
 group by 1, 2, 3
"""
# Two who were one may each have had fractions; of the erased the words are gone that rules asked.
_NOT_SAID = """
select from_id as member_id from member_merge where program_id = $1 and from_id = any($2::uuid[])
union
select into_id from member_merge where program_id = $1 and into_id = any($2::uuid[])
union
select member_id from erasure where program_id = $1 and member_id = any($2::uuid[])
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A program as the rooms want to be asked of it, over a connection of the owner."""

    connection: Any
    program_id: int

    async def fetch(self, sql: str, *args: Any) -> Sequence[Mapping[str, Any]]:
        rows: Sequence[Mapping[str, Any]] = await self.connection.fetch(sql, *args)
        return rows


async def due_remainders(connection: Any) -> list[Difference]:
    """Every kept remainder that is not what the deeds of its member left there.

    Assumes: the connection is the owner's, in a transaction that sees one instant.
    Order: members are gone through by their ids, some hundred at a time, by indexes.
    Keeps: a program in which no wallet keeps any is not read. Nothing is said of who was ever
    merged or was erased, and of what deeds left that were rated anew, or decided anew under a
    budget.
    """
    found: list[Difference] = []
    for row in await connection.fetch(_PROGRAMS):
        terms = await _terms(connection, row["program_id"])
        if terms is None or not _codes(terms):
            continue
        async for members in _members(connection, terms.program_id):
            found += await _of_members(connection, terms, members)
    return found


async def due_of(
    connection: Any, program_id: int, members: Sequence[UUID]
) -> Sequence[Mapping[str, Any]]:
    """The same of some members of one program, whatever is sold to everybody else meanwhile.

    Assumes: a transaction that holds these members, so that nothing is decided about them: then
    each version that decided about them is published before it is read here.
    """
    terms = await _terms(connection, program_id)
    if terms is None or not _codes(terms):
        return []
    return [one.row for one in await _of_members(connection, terms, members)]


async def _members(connection: Any, program_id: int) -> AsyncIterator[list[UUID]]:
    last = NOBODY
    while rows := await connection.fetch(_MEMBERS, program_id, last, MEMBERS_AT_ONCE):
        yield [row["member_id"] for row in rows]
        last = rows[-1]["member_id"]


async def _terms(connection: Any, program_id: int) -> Terms | None:
    asked: Any = _Asked(connection, program_id)
    versions = await read.versions(asked)
    # Most programs keep nothing: they are not even compiled.
    if not any("carry" in one.source or "scope" in one.source for one in versions):
        return None
    slug, codes = await read.slug(asked), await read.codes(asked)
    published = [
        (one.version, one.effective_from, compile_program(read_program(one.source)))
        for one in versions
    ]
    known_at = {one.version: one.published_at for one in versions}
    again = copies(versions, await read.withdrawals(asked))
    return terms_of(program_id, slug or "", published, codes, known_at, again)


def _codes(terms: Terms) -> list[int]:
    return sorted(
        {
            counter
            for version in terms.versions
            for wallet, counter in zip(
                version.compiled.wallets, version.remainder_counters, strict=True
            )
            if wallet.keeps != "no"
        }
    )


async def _of_members(connection: Any, terms: Terms, members: Sequence[UUID]) -> list[Difference]:
    program_id = terms.program_id
    not_said_of = await connection.fetch(_NOT_SAID, program_id, members)
    unsaid = {row["member_id"] for row in not_said_of}
    due: dict[tuple[UUID, int, int], int] = {}
    silent: set[tuple[UUID, int, int]] = set()
    async for deeds in _deeds(connection, program_id, members):
        for sale in deeds:
            version, who = terms.numbered(sale.steps.version), sale.activity.member_id
            silent.update((who, *key) for key in not_said(version, sale))
            for where, grains in left_by(version, sale).items():
                due[who, *where] = due.get((who, *where), 0) + grains
    kept = {
        (row["member_id"], row["counter"], row["period"]): (row["value"], row["before"])
        for row in await connection.fetch(_KEPT, program_id, _codes(terms), members)
    }
    names = ("program_id", "member_id", "counter", "period", "value", "value_should")
    found = []
    for key in sorted({*due, *kept}):
        value, before = kept.get(key, (0, 0))
        should = due.get(key, 0) + before
        if value != should and key not in silent and key[0] not in unsaid:
            row = dict(zip(names, (program_id, *key, value, should), strict=True))
            found.append(Difference(REMAINDERS, row))
    return found


async def _deeds(
    connection: Any, program_id: int, members: Sequence[UUID]
) -> AsyncIterator[list[Sale]]:
    """Every deed as it stands by its last decision, some thousand at a time."""
    last: dict[UUID, Steps] = {}
    async for row in connection.cursor(_DECISIONS, program_id, members, prefetch=AT_ONCE):
        sale_id, steps = row["sale_id"], unpack(row["packed"])
        if sale_id not in last and len(last) >= AT_ONCE:
            yield await _told(connection, program_id, last)
            last = {}
        before = last.get(sale_id)
        if before is None or _so_far(before) <= _so_far(steps):
            last[sale_id] = steps
    yield await _told(connection, program_id, last)


def _so_far(steps: Steps) -> tuple[int, int]:
    """Each return adds pieces, so the decision with the most is the last, whatever clocks said."""
    return sum(steps.returned), steps.times


async def _told(connection: Any, program_id: int, last: Mapping[UUID, Steps]) -> list[Sale]:
    rows = await connection.fetch(_ACTIVITIES, program_id, sorted(last))
    told = [from_row(row) for row in rows if row["member_id"] != NOBODY]
    return [Sale(one, last[one.activity_id]) for one in told]
