"""Look up inlets and what came in by them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, get_args
from uuid import UUID

from regulars.base.ids import first_id
from regulars.base.tx import Tx
from regulars.records.inlets.types import (
    ALL_AGAIN,
    DUPLICATE,
    OPEN_FOR,
    SETTLED_FOR,
    Arrival,
    ArrivalState,
    Became,
    Counts,
    Forgotten,
    Gave,
    Inlet,
)

MOST_BYTES: Final = 8_000_000
"""So much of bodies is read at once; the last of them may go beyond."""
MOST_READ: Final = 500
_APART: Final = timedelta(minutes=1)
"""The clocks of two machines may differ by so much, and a request is kept within it."""
_LONGEST: Final = timedelta(hours=1)
"""No transaction that books arrivals takes longer."""

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
_ARRIVAL_COLUMNS = (
    "arrival_id, inlet_id, type, name, beside, body, received_at, state, code, field, reason, "
    "mend, tries, settled_at, told_at, apart"
)
_ARRIVAL = f"select {_ARRIVAL_COLUMNS} from arrival"  # noqa: S608
# Asked for as the next one from there on, which `arrival_once` alone has in order: while nothing is
# known of a young table, whatever else begins with the inlet looks as cheap, and reads all of it.
_KNOWN = """
select a.inlet_id, a.key, a.content, a.arrival_id
  from unnest($2::uuid[], $3::uuid[]) as k (inlet_id, key)
 cross join lateral (
       select inlet_id, key, content, arrival_id from arrival
        where program_id = $1::int and (inlet_id, key) >= (k.inlet_id, k.key)
        order by inlet_id, key limit 1) a
 where a.inlet_id = k.inlet_id and a.key = k.key
"""
# Of paused inlets nothing is due: it waits until they go on. So many of each other are held, and
# of those as many taken as have room in memory together; one that is larger is taken alone.
_DUE = f"""
select {_ARRIVAL_COLUMNS}
  from (select a.*, sum(octet_length(a.body)) over (order by a.try_at, a.arrival_id)
                    - octet_length(a.body) as before
          from inlet i
         cross join lateral (
               select * from arrival
                where program_id = $1::int and inlet_id = i.inlet_id and state = 'waiting'
                  and try_at <= $2::timestamptz
                order by try_at, arrival_id limit $3::int
                  for update skip locked) a
         where i.program_id = $1::int and i.state <> 'paused') a
 where before < $4::bigint
 order by try_at, arrival_id limit $3::int
"""  # noqa: S608
# A statement for each state, so that its index is found; without bodies, which no list shows.
_WHICH = {
    "": "",
    **{state: f"and state = '{state}'" for state in get_args(ArrivalState)},
    DUPLICATE: f"and code = '{DUPLICATE}' and state = 'passed'",
}
_PAGES = {
    state: f"""
select {_ARRIVAL_COLUMNS.replace("body", "null::bytea as body")}
  from arrival
 where program_id = $1::int and inlet_id = $2::uuid {which}
   and ($3::uuid is null or arrival_id < $3::uuid)
 order by arrival_id desc limit $4::int
"""  # noqa: S608
    for state, which in _WHICH.items()
}
_SOME = f"{_ARRIVAL} where program_id = $1::int and arrival_id = any($2::uuid[])"
_GAVE = """
select arrival_id, activity_id, member_id, first from arrival_activity
 where program_id = $1::int and arrival_id = any($2::uuid[]) order by activity_id
"""
_BOOKED = """
select exists (
    select from arrival a
      join arrival_activity g on g.program_id = a.program_id and g.arrival_id = a.arrival_id
     where a.program_id = $1::int and a.inlet_id = $2::uuid) as booked
"""
_BECAME = """
select arrival_id, entry_id, first from arrival_partner_entry
 where program_id = $1::int and arrival_id = $2::uuid
"""
# Asked by member, of whom an index has the arrivals; not what was said to be another sale.
_MATCHED = """
select i.source, g.activity_id
  from arrival_activity g
  join arrival a on a.program_id = g.program_id and a.arrival_id = g.arrival_id
  join inlet i on i.program_id = a.program_id and i.inlet_id = a.inlet_id
 where g.program_id = $1::int and g.member_id = any($2::uuid[]) and g.activity_id = any($3::uuid[])
   and not g.activity_id = any(a.apart)
"""
# Each by its own index: what was booked, which is nearly all, is never read.
_COUNTS = """
select i.inlet_id,
       (select count(*) from arrival a where a.program_id = $1::int and a.inlet_id = i.inlet_id
           and a.state in ('unfit', 'refused')) as open,
       (select count(*) from arrival a where a.program_id = $1::int and a.inlet_id = i.inlet_id
           and a.state = 'waiting') as waiting,
       (select a.received_at from arrival a
         where a.program_id = $1::int and a.inlet_id = i.inlet_id
         order by a.arrival_id desc limit 1) as last_at,
       (select a.try_at from arrival a
         where a.program_id = $1::int and a.inlet_id = i.inlet_id and a.state = 'waiting'
         order by a.try_at, a.arrival_id limit 1) as first_at
  from inlet i
 where i.program_id = $1::int and i.state <> 'deleted'
"""
_TO_LOOK_AT_AGAIN = """
select count(*) filter (where body is not null) as there,
       count(*) filter (where body is null) as gone
  from arrival
 where program_id = $1::int and inlet_id = $2::uuid and state = any($3::text[])
   and state in ('unfit', 'refused', 'passed')
   and (state <> 'passed' or code = any($4::text[]))
   and ($5::timestamptz is null or received_at >= $5::timestamptz)
"""
# Whoever is erased may be named by what nobody could read, or by what was booked for nobody.
_OF_NOBODY = """
select arrival_id, state, beside, body from arrival
 where program_id = $1::int and body is not null and state <> 'booked' and arrival_id > $2::uuid
 order by arrival_id limit $3::int
"""
_FOR_NOBODY = """
select a.arrival_id, a.state, a.beside, a.body
  from arrival_activity g join arrival a using (program_id, arrival_id)
 where g.program_id = $1::int and g.member_id = $5::uuid and g.arrival_id > $2::uuid
   and a.body is not null and a.state = 'booked'
 order by g.arrival_id limit $3::int
"""
_MAY_NAME = """
select arrival_id, state, beside, body
  from (select a.*, sum(octet_length(a.body)) over (order by a.arrival_id)
                    - octet_length(a.body) as before from ({which}) a) a
 where before < $4::bigint order by arrival_id
"""
# Of one thing the newest state that is booked has all that an older one says. Asked for as the next
# one from there on, as above.
_OVERTAKEN = """
select a.arrival_id
  from unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[])
       as a (arrival_id, inlet_id, name, told_at)
 cross join lateral (
       select b.inlet_id, b.name from arrival b
        where b.program_id = $1::int and b.told_at is not null
          and (b.state = 'booked' or b.code = 'duplicate')
          and (b.inlet_id, b.name, b.told_at) > (a.inlet_id, a.name, a.told_at)
        order by b.inlet_id, b.name, b.told_at limit 1) n
 where n.inlet_id = a.inlet_id and n.name = a.name
 union
select a.arrival_id
  from unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[])
       as a (arrival_id, inlet_id, name, told_at)
 cross join lateral (
       select 1 from arrival b
        where b.program_id = $1::int and b.told_at > a.told_at and b.code = 'never_paid'
          and b.inlet_id = a.inlet_id and b.name = a.name
        limit 1) n
"""
# Who asked to be forgotten has nothing kept of what asked for it. Ids are in the order they came.
_OLDEST = """
select arrival_id from arrival
 where program_id = $1::int and inlet_id = $2::uuid and state = 'waiting'
 order by arrival_id limit 1
"""
# Whoever was swept since was settled long before.
_FORGOTTEN = """
select arrival_id from arrival
 where program_id = $1::int and inlet_id = $2::uuid and arrival_id >= $3::uuid
   and settled_at >= $4::timestamptz
   and state = 'passed' and code in ('erased', 'nobody') and body is null
"""
_FORGOT = f"{_FORGOTTEN} and arrival_id <> all($5::uuid[]) limit 1"
# Whose account does not answer is left alone until its pause is over.
_ASKS = f"""
select {", ".join(f"a.{name.strip()}" for name in _ARRIVAL_COLUMNS.split(","))}
  from catch_up c
  join inlet i on i.program_id = c.program_id and i.inlet_id = c.inlet_id and i.state = 'active'
 cross join lateral (
       select * from arrival
        where program_id = $1::int and inlet_id = c.inlet_id and code = 'asks' and state = 'passed'
          and arrival_id > coalesce(
              (select b.last_id from unnest($4::uuid[], $5::uuid[]) as b (inlet_id, last_id)
                where b.inlet_id = c.inlet_id), '00000000-0000-0000-0000-000000000000')
        order by arrival_id limit $3::int) a
 where c.program_id = $1::int and (c.failures = 0 or c.next_at <= $2::timestamptz)
   and (cardinality($4::uuid[]) = 0 or c.inlet_id = any($4::uuid[]))
"""  # noqa: S608
_NOWHERE: Final[Mapping[UUID, UUID]] = {}
_UNASKED = """
select count(*) as many, min(received_at) as since from arrival
 where program_id = $1::int and inlet_id = $2::uuid and code = 'asks' and state = 'passed'
"""
_OLD = """
select arrival_id from arrival
 where program_id = $1::int and body is not null and received_at < $2::timestamptz
   and (state = 'booked' or (state = 'passed' and code <> 'asks')
        or received_at < $3::timestamptz)
   and (settled_at is null or settled_at < $2::timestamptz)
 order by received_at limit $4::int
   for update skip locked
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
    rows = await tx.fetch(_DUE, tx.program_id, tx.now, most, MOST_BYTES)
    return [_arrival(row) for row in rows]


async def overtaken(tx: Tx, arrivals: Sequence[Arrival]) -> frozenset[UUID]:
    """Of these, kept or not yet, those whose thing is booked by now as it stood later."""
    told = [(a.arrival_id, a.inlet_id, a.name, a.told_at) for a in arrivals if a.told_at]
    columns = map(list, zip(*told, strict=True))
    rows = await tx.fetch(_OVERTAKEN, tx.program_id, *columns) if told else []
    return frozenset(row["arrival_id"] for row in rows)


async def forgotten(tx: Tx, inlet_id: UUID) -> Forgotten:
    """Who was forgotten by this inlet so far, of those whose request may not be through.

    Order: what is settled from now on waits by now, or came within the minute, as a request may be
    kept by a transaction that began before.
    """
    rows = await tx.fetch(_OLDEST, tx.program_id, inlet_id)
    first = min([first_id(tx.now - tx.ahead - _APART), *(row["arrival_id"] for row in rows)])
    at = tx.now - _LONGEST
    through = await tx.fetch(_FORGOTTEN, tx.program_id, inlet_id, first, at)
    return Forgotten(first, at, frozenset(row["arrival_id"] for row in through))


async def forgot_since(tx: Tx, inlet_id: UUID, before: Forgotten) -> bool:
    """Whether somebody was forgotten by a request of this inlet that was not through then."""
    asked = (tx.program_id, inlet_id, before.first, before.at, list(before.through))
    return bool(await tx.fetch(_FORGOT, *asked))


async def asks(tx: Tx, most: int, behind: Mapping[UUID, UUID] = _NOWHERE) -> list[Arrival]:
    """Events that hint at what is still to be asked for, so many of each inlet, the oldest first;
    none whose account is not asked, or makes a pause. With `behind`, those of these inlets that
    came after this one of theirs."""
    rows = await tx.fetch(_ASKS, tx.program_id, tx.now, most, list(behind), list(behind.values()))
    return [_arrival(row) for row in rows]


async def unasked(tx: Tx, inlet_id: UUID) -> tuple[int, datetime | None]:
    """How many events of an inlet hint at what is still to be asked for, and since when."""
    (row,) = await tx.fetch(_UNASKED, tx.program_id, inlet_id)
    return row["many"], row["since"]


async def page(tx: Tx, inlet_id: UUID, state: str, before: UUID | None, most: int) -> list[Arrival]:
    """What came in by this inlet, newest first, without bodies; in this state, in any, or only
    what somebody else told first: `duplicate`."""
    rows = await tx.fetch(_PAGES[state], tx.program_id, inlet_id, before, most)
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


async def has_booked(tx: Tx, inlet_id: UUID) -> bool:
    """Whether anything that came in by this inlet gave an activity."""
    return bool((await tx.fetch(_BOOKED, tx.program_id, inlet_id))[0]["booked"])


async def matched(
    tx: Tx, members: Sequence[UUID], activities: Sequence[UUID]
) -> set[tuple[str, UUID]]:
    """Which of these activities of these members which sources told."""
    if not activities:
        return set()
    rows = await tx.fetch(_MATCHED, tx.program_id, list(members), list(activities))
    return {(row["source"], row["activity_id"]) for row in rows}


async def became(tx: Tx, arrival_id: UUID) -> Became | None:
    """Which line of a partner's account this arrival became."""
    rows = await tx.fetch(_BECAME, tx.program_id, arrival_id)
    return Became(*rows[0].values()) if rows else None


async def counts(tx: Tx, since: datetime) -> dict[UUID, Counts]:
    """Where each inlet stands; when something came last, if that was since then."""
    rows = await tx.fetch(_COUNTS, tx.program_id)
    return {
        row["inlet_id"]: Counts(
            row["open"],
            row["waiting"],
            at if (at := row["last_at"]) is not None and at > since else None,
            at if (at := row["first_at"]) is not None and at <= tx.now else None,
        )
        for row in rows
    }


async def to_look_at_again(
    tx: Tx, inlet_id: UUID, states: Sequence[ArrivalState], since: datetime | None
) -> tuple[int, int]:
    """Of an inlet, how many in these states can be looked at again, and how many no more, as what
    they said is forgotten."""
    told = (list(states), list(ALL_AGAIN), since)
    (row,) = await tx.fetch(_TO_LOOK_AT_AGAIN, tx.program_id, inlet_id, *told)
    return row["there"], row["gone"]


async def may_name(tx: Tx, nobody: UUID) -> AsyncIterator[tuple[UUID, ArrivalState, str, bytes]]:
    """Bodies that no member is known for: id, state, what stood above, bytes.

    Order: some hundred at a time, and fewer of large ones.
    """
    for which, more in ((_OF_NOBODY, ()), (_FOR_NOBODY, (nobody,))):
        sql, after = _MAY_NAME.format(which=which), UUID(int=0)
        while rows := await tx.fetch(sql, tx.program_id, after, MOST_READ, MOST_BYTES, *more):
            for row in rows:
                yield row["arrival_id"], row["state"], row["beside"], row["body"]
            after = rows[-1]["arrival_id"]


async def old(tx: Tx, most: int) -> list[UUID]:
    """Arrivals whose bodies were kept long enough, held: so many, the oldest first."""
    ends = (tx.now - SETTLED_FOR, tx.now - OPEN_FOR)
    return [row["arrival_id"] for row in await tx.fetch(_OLD, tx.program_id, *ends, most)]


def _inlet(row: Mapping[str, Any]) -> Inlet:
    return Inlet(**{name: row[name] for name in Inlet.__struct_fields__})


def _arrival(row: Mapping[str, Any]) -> Arrival:
    told = {name: row[name] for name in Arrival.__struct_fields__}
    return Arrival(**{**told, "apart": tuple(told["apart"])})
