"""Look up which systems are told of members, and how far that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.following import read as following
from regulars.records.outbox.hooks.outlets.types import SENT, Due, Open, Outlet, Reach, Standing

_COLUMNS: Final = ", ".join(Outlet.__struct_fields__)
_FROM: Final = f"select {_COLUMNS} from outlet where program_id = $1::int"  # noqa: S608
_ONE: Final = f"{_FROM} and inlet_id = $2::uuid"
_ALL: Final = f"{_FROM} order by inlet_id"
# Of paused inlets nobody is told: it waits until they go on.
_DUE: Final = f"""
select {", ".join(f"o.{name}" for name in Outlet.__struct_fields__)}
  from outlet o
  join inlet i on i.program_id = o.program_id and i.inlet_id = o.inlet_id and i.state = 'active'
 where o.program_id = $1::int and o.next_at <= $2::timestamptz
   and exists (select from outlet_member m
                where m.program_id = o.program_id and m.inlet_id = o.inlet_id
                  and m.try_at <= $2::timestamptz)
 order by o.next_at, o.inlet_id
"""  # noqa: S608
# Whoever holds the row goes through events and members for it; a second worker leaves it alone.
_REACHES: Final = f"""
select {", ".join(Reach.__struct_fields__)} from outlet
 where program_id = $1::int order by inlet_id for update skip locked
"""  # noqa: S608
_NEWS: Final = following.news_past("select * from outlet where program_id = $1::int")
_WALKING: Final = "select exists (select from outlet where program_id = $1::int and walk <> '') w"
# Who was tried in vain is tried alone, so that one whom it cannot take holds up nobody else.
_MEMBERS_DUE: Final = """
select member_id, changed, anew, tries, told from outlet_member
 where program_id = $1::int and inlet_id = $2::uuid and try_at <= $3::timestamptz
 order by tries, try_at, member_id limit $4::int
   for update skip locked
"""
_STANDING: Final = """
select o.inlet_id,
       (select count(*) from outlet_member m where m.program_id = $1::int
           and m.inlet_id = o.inlet_id and m.try_at is not null) as waiting,
       (select min(m.since) from outlet_member m where m.program_id = $1::int
           and m.inlet_id = o.inlet_id and m.try_at is not null) as since,
       (select count(*) from outlet_member m where m.program_id = $1::int
           and m.inlet_id = o.inlet_id and m.code <> '') as open,
       (select count(*) from outlet_member m where m.program_id = $1::int
           and m.inlet_id = o.inlet_id and m.told <> $3::uuid) as known
  from outlet o where o.program_id = $1::int and o.inlet_id = $2::uuid
"""
_KNOWN: Final = """
select member_id from outlet_member
 where program_id = $1::int and inlet_id = $2::uuid and member_id = any($3::uuid[])
"""
_OPEN: Final = """
select member_id, code, field, problem, told_at from outlet_member
 where program_id = $1::int and inlet_id = $2::uuid and code <> '' and member_id > $3::uuid
 order by member_id limit $4::int
"""


async def one(tx: Tx, inlet_id: UUID, *, held: bool = False) -> Outlet | None:
    """How far this inlet's system is told; held, nobody else moves it meanwhile."""
    rows = await tx.fetch(_ONE + (" for update" if held else ""), tx.program_id, inlet_id)
    return _row(rows[0]) if rows else None


async def all_of_them(tx: Tx) -> dict[UUID, Outlet]:
    """Every system that is told, by its inlet."""
    return {row["inlet_id"]: _row(row) for row in await tx.fetch(_ALL, tx.program_id)}


async def due(tx: Tx) -> Sequence[Outlet]:
    """Who can be told something by now, the longest-waiting first."""
    return [_row(row) for row in await tx.fetch(_DUE, tx.program_id, tx.now)]


async def reaches(tx: Tx) -> list[Reach]:
    """Where to go on for each, held; those that somebody else looks at are left out."""
    return [Reach(*row.values()) for row in await tx.fetch(_REACHES, tx.program_id)]


async def news(tx: Tx, since: datetime) -> bool:
    """Whether there is something to look at, or nobody looked since then."""
    if bool((await tx.fetch(_WALKING, tx.program_id))[0]["w"]):
        return True
    return await following.news(tx, _NEWS, since)


async def members_due(tx: Tx, inlet_id: UUID, most: int) -> list[Due]:
    """Members it is to be told of now, held: some that were never tried in vain, or one that was.

    Keeps: whom it could not take stands behind everybody else, and goes alone.
    """
    rows = await tx.fetch(_MEMBERS_DUE, tx.program_id, inlet_id, tx.now, most)
    found = [Due(**row) for row in rows]
    if found and found[0].tries:
        return found[:1]
    return [one for one in found if not one.tries]


async def standing(tx: Tx, inlet_id: UUID) -> Standing:
    """How many wait, since when, and how many it does not take."""
    for row in await tx.fetch(_STANDING, tx.program_id, inlet_id, SENT):
        return Standing(**{name: row[name] for name in Standing.__struct_fields__})
    return Standing()


async def known_of(tx: Tx, inlet_id: UUID, members: Sequence[UUID]) -> list[UUID]:
    """Of these, whom it knows or is about to know."""
    rows = await tx.fetch(_KNOWN, tx.program_id, inlet_id, list(members)) if members else []
    return [row["member_id"] for row in rows]


async def open_ones(tx: Tx, inlet_id: UUID, after: UUID, most: int) -> list[Open]:
    """Members whom it does not take, by their ids."""
    rows = await tx.fetch(_OPEN, tx.program_id, inlet_id, after, most)
    return [Open(**row) for row in rows]


def _row(row: Mapping[str, Any]) -> Outlet:
    return Outlet(**{name: row[name] for name in Outlet.__struct_fields__})
