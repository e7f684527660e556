"""Keep inlets, what came in by them, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from regulars.base.faults import KeyReused
from regulars.base.tx import Tx, Write
from regulars.records.inlets.types import (
    ALL_AGAIN,
    DUPLICATE,
    OPEN,
    PASSED_AGAIN,
    SAME,
    ArrivalState,
    Became,
    Ended,
    Gave,
    Inlet,
)

_MAKE = """
insert into inlet (program_id, inlet_id, name, kind, source, mapping, made_at, made_by, changed_at)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text, $6::text, $7::timestamptz, $8::text,
        $7::timestamptz)
"""
_CHANGE = """
update inlet set name = $3::text, mapping = $4::text, state = $5::text, secret_number = $6::int,
       old_until = $7::timestamptz, changed_at = $8::timestamptz
 where program_id = $1::int and inlet_id = $2::uuid
"""
# Sorted, so that two batches with common keys wait for each other instead of deadlocking.
_KEEP = """
insert into arrival (program_id, arrival_id, inlet_id, key, content, type, name, beside,
                     body, told_at, received_at, try_at)
select $1::int, a.arrival_id, a.inlet_id, a.key, a.content, a.type, a.name, a.beside,
       a.body, a.told_at, $2::timestamptz, $2::timestamptz
  from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[],
              $10::bytea[], $11::timestamptz[])
       as a (arrival_id, inlet_id, key, content, type, name, beside, body, told_at)
 order by a.inlet_id, a.key
"""
# What is booked in the transaction that keeps it: one row, written once.
_KEEP_ENDED = """
insert into arrival (program_id, arrival_id, inlet_id, key, content, type, name, beside, body,
                     told_at, received_at, state, code, field, reason, mend, tries, try_at,
                     settled_at)
select $1::int, a.arrival_id, a.inlet_id, a.key, a.content, a.type, a.name,
       case when a.forget then '' else a.beside end, case when a.forget then null else a.body end,
       a.told_at, $2::timestamptz, a.state, a.code, a.field, a.reason, a.mend, 1, a.try_at,
       case when a.state = 'waiting' then null else $2::timestamptz end
  from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[],
              $10::bytea[], $11::timestamptz[], $12::text[], $13::text[], $14::text[], $15::text[],
              $16::text[], $17::bool[], $18::timestamptz[])
       as a (arrival_id, inlet_id, key, content, type, name, beside, body, told_at, state, code,
             field, reason, mend, forget, try_at)
 order by a.inlet_id, a.key
"""
_END = """
update arrival a set state = e.state, code = e.code, field = e.field, reason = e.reason,
       mend = e.mend, tries = least(a.tries, 32766) + 1, try_at = e.try_at,
       settled_at = case when e.state = 'waiting' then null else $2::timestamptz end,
       body = case when e.forget then null else a.body end,
       beside = case when e.forget then '' else a.beside end
  from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bool[],
              $10::timestamptz[])
       as e (arrival_id, state, code, field, reason, mend, forget, try_at)
 where a.program_id = $1::int and a.arrival_id = e.arrival_id
"""
_GAVE = """
insert into arrival_activity (program_id, arrival_id, activity_id, member_id, first)
select $1::int, g.arrival_id, g.activity_id, g.member_id, g.first
  from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bool[])
       as g (arrival_id, activity_id, member_id, first)
    on conflict (program_id, arrival_id, activity_id) do nothing
"""
_BECAME = """
insert into arrival_partner_entry (program_id, arrival_id, entry_id, first)
select $1::int, b.* from unnest($2::uuid[], $3::uuid[], $4::bool[]) as b
    on conflict (program_id, arrival_id) do nothing
"""
_AGAIN = """
update arrival set state = 'waiting', code = '', field = '', reason = '', mend = '',
       settled_at = null, try_at = $2::timestamptz
 where program_id = $1::int and state = any($3::text[]) and body is not null
   and inlet_id = $4::uuid and ($5::uuid is null or arrival_id = $5::uuid)
   and (state <> 'passed' or code = any($6::text[]))
   and ($7::timestamptz is null or received_at >= $7::timestamptz)
"""
# Of a thing whose states are told, all that were passed as that one, so that the newest counts.
_APART = f"""
update arrival a set apart = a.apart || $4::uuid[], state = 'waiting', code = '', field = '',
       reason = '', mend = '', settled_at = null, try_at = $2::timestamptz
  from arrival said
 where said.program_id = $1::int and said.arrival_id = $3::uuid
   and a.program_id = $1::int
   and (a.state = 'passed' and a.code = '{DUPLICATE}' or a.state = 'booked' and a.code = '{SAME}'
        or a.state = 'refused' and a.code = '{KeyReused.code}')
   and a.body is not null and not a.apart && $4::uuid[]
   and (a.arrival_id = said.arrival_id
        or (a.inlet_id = said.inlet_id and a.name = said.name and a.told_at is not null
            and exists (select from arrival_activity g
                         where g.program_id = $1::int and g.arrival_id = a.arrival_id
                           and g.activity_id = any($4::uuid[]))))
"""  # noqa: S608
# A return that came before its sale was nobody's then, and is theirs by its activity.
_FORGET = """
update arrival set body = null, beside = '',
       state = case when state = 'waiting' then 'refused' else state end,
       code = case when state in ('waiting', 'unfit', 'refused')
                   then 'member_erased' else code end,
       reason = case when state in ('waiting', 'unfit', 'refused')
                     then 'whom it names was erased' else reason end,
       field = '', mend = '', try_at = null, settled_at = coalesce(settled_at, $2::timestamptz)
 where program_id = $1::int and body is not null
   and arrival_id in (
       select unnest($3::uuid[])
       union all
       select arrival_id from arrival_activity
        where program_id = $1::int and member_id = any($4::uuid[])
       union all
       select b.arrival_id from partner_entry p
         join arrival_partner_entry b on b.program_id = p.program_id and b.entry_id = p.entry_id
        where p.program_id = $1::int and p.member_id = any($4::uuid[])
       union all
       select g.arrival_id from activity t
         join arrival_activity g on g.program_id = t.program_id and g.activity_id = t.activity_id
                                and g.first
        where t.program_id = $1::int and t.member_id = any($4::uuid[]))
"""
_SWEEP = """
update arrival set body = null, beside = '', try_at = null,
       state = case when state = 'waiting' then 'refused' else state end,
       code = case when state = 'waiting' then 'too_old' else code end,
       reason = case when state = 'waiting' then 'it waited too long'
                     when state in ('unfit', 'refused')
                     then 'nobody mended it, and what it said is forgotten'
                     else reason end,
       mend = '',
       settled_at = coalesce(settled_at, $2::timestamptz)
 where program_id = $1::int and arrival_id = any($3::uuid[])
"""


class Came(NamedTuple):
    """One event that is to be kept: its id with us, and what its sender said."""

    arrival_id: UUID
    inlet_id: UUID
    key: UUID
    content: UUID
    type: str
    name: str
    beside: str
    body: bytes
    told_at: datetime | None = None


def make(tx: Tx, inlet: Inlet) -> list[Write]:
    """Keep a new inlet."""
    told = (inlet.inlet_id, inlet.name, inlet.kind, inlet.source, inlet.mapping)
    return [Write(_MAKE, (tx.program_id, *told, inlet.made_at, inlet.made_by))]


def change(tx: Tx, inlet: Inlet) -> list[Write]:
    """Keep this inlet as it is now; its kind and source never change."""
    told = (inlet.inlet_id, inlet.name, inlet.mapping, inlet.state, inlet.secret_number)
    return [Write(_CHANGE, (tx.program_id, *told, inlet.old_until, tx.now))]


def keep(tx: Tx, came: Sequence[Came]) -> list[Write]:
    """Keep these events; one kept by somebody else meanwhile fails the transaction."""
    if not came:
        return []
    return [Write(_KEEP, (tx.program_id, tx.now, *map(list, zip(*came, strict=True))))]


def keep_ended(tx: Tx, came: Mapping[UUID, Came], ended: Sequence[Ended]) -> list[Write]:
    """Keep these events with what became of each; one kept by somebody else meanwhile fails the
    transaction."""
    if not ended:
        return []
    names = Ended.__struct_fields__[1:]
    rows = [(*came[e.arrival_id], *(getattr(e, name) for name in names)) for e in ended]
    return [Write(_KEEP_ENDED, (tx.program_id, tx.now, *map(list, zip(*rows, strict=True))))]


def end(tx: Tx, ended: Sequence[Ended]) -> list[Write]:
    """What became of these, held."""
    if not ended:
        return []
    columns = [[getattr(one, name) for one in ended] for name in Ended.__struct_fields__]
    return [Write(_END, (tx.program_id, tx.now, *columns))]


def gave(tx: Tx, given: Sequence[Gave]) -> list[Write]:
    """Which activities these arrivals gave."""
    if not given:
        return []
    columns = [[getattr(one, name) for one in given] for name in Gave.__struct_fields__]
    return [Write(_GAVE, (tx.program_id, *columns))]


def became(tx: Tx, lines: Sequence[Became]) -> list[Write]:
    """Which lines of partners' accounts these arrivals became."""
    if not lines:
        return []
    columns = [[getattr(one, name) for one in lines] for name in Became.__struct_fields__]
    return [Write(_BECAME, (tx.program_id, *columns))]


def again(
    tx: Tx,
    inlet_id: UUID,
    arrival_id: UUID | None = None,
    states: Sequence[ArrivalState] = OPEN,
    since: datetime | None = None,
) -> list[Write]:
    """What is in these states there waits once more: all of it, what came since then, or this one.

    Keeps: of what was passed only what may tell something by another mapping; of all of it no
    duplicates.
    """
    codes = list(ALL_AGAIN if arrival_id is None else PASSED_AGAIN)
    told = (list(states), inlet_id, arrival_id, codes, since)
    return [Write(_AGAIN, (tx.program_id, tx.now, *told))]


def apart(tx: Tx, arrival_id: UUID, activities: Sequence[UUID]) -> list[Write]:
    """This event, held, tells none of these activities, and waits once more; so does what else is
    told of its thing and was passed as one of them."""
    return [Write(_APART, (tx.program_id, tx.now, arrival_id, list(activities)))]


def forget(tx: Tx, arrivals: Sequence[UUID], members: Sequence[UUID]) -> list[Write]:
    """These bodies go, and all that were booked for these members; nothing of them is booked."""
    return [Write(_FORGET, (tx.program_id, tx.now, list(arrivals), list(members)))]


def sweep(tx: Tx, arrivals: Sequence[UUID]) -> list[Write]:
    """The bodies of these go, held; what nobody mended by now is not booked any more."""
    if not arrivals:
        return []
    return [Write(_SWEEP, (tx.program_id, tx.now, list(arrivals)))]
