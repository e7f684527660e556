"""Look up inlets and what came in by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.inlets.types import Arrival, Gave, Inlet

_INLET = """
select program_id, inlet_id, name, kind, source, mapping, state, secret_number, old_until, made_at,
       made_by, changed_at
  from inlet
"""
# The fence lets an inlet be seen from outside its program by its id, and only by that.
_SHOW = "select set_config('regulars.inlet_id', $1::text, true)"
_BY_ID = f"{_INLET} where inlet_id = $1::uuid and state <> 'deleted'"
_ALL = f"{_INLET} where program_id = $1::int and state <> 'deleted' order by made_at, inlet_id"
_ONE = f"""{_INLET} where program_id = $1::int and inlet_id = $2::uuid and state <> 'deleted'"""
_ARRIVAL = """
select arrival_id, inlet_id, type, name, beside, body, received_at, state, code, field, reason,
       mend, tries, settled_at
  from arrival
"""
_KNOWN = """
select inlet_id, key, content, arrival_id from arrival
  join unnest($2::uuid[], $3::uuid[]) as k (inlet_id, key) using (inlet_id, key)
 where program_id = $1::int
"""
# Of paused inlets nothing is due: it waits until they go on.
_DUE = f"""{_ARRIVAL}
 where program_id = $1::int and state = 'waiting' and try_at <= $2::timestamptz
   and inlet_id in (select inlet_id from inlet where program_id = $1::int and state <> 'paused')
 order by try_at, arrival_id limit $3::int
   for update skip locked
"""  # noqa: S608
_PAGE = f"""{_ARRIVAL}
 where program_id = $1::int and inlet_id = $2::uuid and ($3::text = '' or state = $3::text)
   and ($4::uuid is null or arrival_id < $4::uuid)
 order by arrival_id desc limit $5::int
"""
_SOME = f"{_ARRIVAL} where program_id = $1::int and arrival_id = any($2::uuid[])"
_GAVE = """
select arrival_id, activity_id, member_id, first from arrival_activity
 where program_id = $1::int and arrival_id = any($2::uuid[]) order by activity_id
"""
_COUNTS = """
select inlet_id, count(*) filter (where state in ('unfit', 'refused')) as open,
       count(*) filter (where state = 'waiting') as waiting, max(received_at) as last_at
  from arrival
 where program_id = $1::int and (state in ('unfit', 'refused', 'waiting')
       or received_at > $2::timestamptz)
 group by inlet_id
"""
# Whoever is erased may be named by what nobody could read, or by what was booked for nobody.
_MAY_NAME = """
select a.arrival_id, a.beside, a.body from arrival a
 where a.program_id = $1::int and a.body is not null and a.arrival_id > $2::uuid
   and (a.state in ('waiting', 'unfit', 'refused', 'passed') or exists (
        select from arrival_activity g
         where g.program_id = $1::int and g.arrival_id = a.arrival_id and g.member_id = $3::uuid))
 order by a.arrival_id limit $4::int
"""


async def by_id(tx: Tx, inlet_id: UUID) -> Inlet | None:
    """The inlet with this id, of whichever program; none once it was deleted."""
    await tx.fetch(_SHOW, str(inlet_id))
    rows = await tx.fetch(_BY_ID, inlet_id)
    return _inlet(rows[0]) if rows else None


async def inlets(tx: Tx) -> list[Inlet]:
    """All inlets of this program, oldest first."""
    return [_inlet(row) for row in await tx.fetch(_ALL, tx.program_id)]


async def inlet(tx: Tx, inlet_id: UUID, *, held: bool = False) -> Inlet | None:
    """One inlet of this program; held, nobody else changes it meanwhile."""
    rows = await tx.fetch(_ONE + (" for update" if held else ""), tx.program_id, inlet_id)
    return _inlet(rows[0]) if rows else None


async def known(
    tx: Tx, keys: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], tuple[UUID, UUID]]:
    """Of these (inlet, key) what came in before: the digest of its content, and its id."""
    if not keys:
        return {}
    rows = await tx.fetch(_KNOWN, tx.program_id, *map(list, zip(*keys, strict=True)))
    return {(r["inlet_id"], r["key"]): (r["content"], r["arrival_id"]) for r in rows}


async def due(tx: Tx, most: int) -> list[Arrival]:
    """What waits and is due, held, in the order it came; what somebody else holds is left out."""
    return [_arrival(row) for row in await tx.fetch(_DUE, tx.program_id, tx.now, most)]


async def page(tx: Tx, inlet_id: UUID, state: str, before: UUID | None, most: int) -> list[Arrival]:
    """What came in by this inlet, newest first; in this state, or in any."""
    rows = await tx.fetch(_PAGE, tx.program_id, inlet_id, state, before, most)
    return [_arrival(row) for row in rows]


async def some(tx: Tx, ids: Sequence[UUID], *, held: bool = False) -> dict[UUID, Arrival]:
    """These arrivals; ids of none are left out."""
    lock = " order by arrival_id for update" if held else ""
    rows = await tx.fetch(_SOME + lock, tx.program_id, list(ids))
    return {row["arrival_id"]: _arrival(row) for row in rows}


async def gave(tx: Tx, ids: Sequence[UUID]) -> list[Gave]:
    """Which activities these arrivals gave."""
    rows = await tx.fetch(_GAVE, tx.program_id, list(ids))
    names = ("arrival_id", "activity_id", "member_id", "first")
    return [Gave(*(row[name] for name in names)) for row in rows]


async def counts(tx: Tx, since: datetime) -> dict[UUID, tuple[int, int, datetime | None]]:
    """By inlet: how many are open, how many wait, and when something came last since then."""
    rows = await tx.fetch(_COUNTS, tx.program_id, since)
    return {row["inlet_id"]: (row["open"], row["waiting"], row["last_at"]) for row in rows}


async def may_name(tx: Tx, after: UUID, nobody: UUID, most: int) -> list[tuple[UUID, str, bytes]]:
    """Bodies that no member is known for, so many after this one: id, what stood above, bytes."""
    rows = await tx.fetch(_MAY_NAME, tx.program_id, after, nobody, most)
    return [(row["arrival_id"], row["beside"], row["body"]) for row in rows]


def _inlet(row: Mapping[str, Any]) -> Inlet:
    return Inlet(**{name: row[name] for name in Inlet.__struct_fields__})


def _arrival(row: Mapping[str, Any]) -> Arrival:
    return Arrival(**{name: row[name] for name in Arrival.__struct_fields__})
