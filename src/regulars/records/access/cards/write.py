"""Keep that codes were taken, and which telephones have passes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.access.cards.types import STEP_S, PassDevice, PassDue, UsedCode

KEPT: Final = timedelta(hours=1) // timedelta(seconds=STEP_S)
"""So many half minutes a code that was taken is remembered; it is good for two."""

_USE = """
insert into card_code (program_id, member_id, step, asked, used_at, taken_by, redemption_id)
select $1::int, u.member_id, u.step, u.asked, u.used_at, u.taken_by, u.redemption_id
  from unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::timestamptz[], $6::text[], $7::uuid[])
       as u (member_id, step, asked, used_at, taken_by, redemption_id)
    on conflict (program_id, member_id, step) do update
       set redemption_id = excluded.redemption_id where card_code.redemption_id is null
"""
_FORGET = """
delete from card_code c using unnest($2::uuid[], $3::bigint[]) as u (member_id, step)
 where c.program_id = $1::int and c.member_id = u.member_id and c.step < u.step
"""
_REGISTER = """
insert into pass_device (program_id, device, member_id, push_token, registered_at)
select $1::int, d.device, d.member_id, d.push_token, d.registered_at
  from unnest($2::text[], $3::uuid[], $4::text[], $5::timestamptz[])
       as d (device, member_id, push_token, registered_at)
    on conflict (program_id, device, member_id) do update set push_token = excluded.push_token
"""
_GIVEN = """
update pass_device p set edition = d.edition, edition_at = d.edition_at
  from unnest($2::uuid[], $3::bytea[], $4::timestamptz[]) as d (member_id, edition, edition_at)
 where p.program_id = $1::int and p.member_id = d.member_id
"""
_LEAVE = """
delete from pass_device p using unnest($2::text[], $3::uuid[]) as d (device, member_id)
 where p.program_id = $1::int and p.device = d.device and p.member_id = d.member_id
"""
# What waits already, or rests after a try in vain, stays where it is: it tells of this, too.
_CHANGED = """
update pass_device set changed = changed + 1, try_at = coalesce(try_at, $2::timestamptz)
 where program_id = $1::int and member_id = any($3::uuid[])
"""
_TELL_AT = """
update pass_device p set try_at = d.try_at, tries = d.tries
  from unnest($2::text[], $3::uuid[], $4::timestamptz[], $5::smallint[])
       as d (device, member_id, try_at, tries)
 where p.program_id = $1::int and p.device = d.device and p.member_id = d.member_id
   and p.try_at is not null
"""
_TOLD = """
update pass_device p set tries = 0,
       try_at = case when p.changed = d.changed then null else $2::timestamptz end
  from unnest($3::text[], $4::uuid[], $5::int[]) as d (device, member_id, changed)
 where p.program_id = $1::int and p.device = d.device and p.member_id = d.member_id
"""
# A telephone that meanwhile came again with another address is there.
_GONE = """
delete from pass_device p using unnest($2::text[], $3::uuid[], $4::text[])
       as d (device, member_id, push_token)
 where p.program_id = $1::int and p.device = d.device and p.member_id = d.member_id
   and p.push_token = d.push_token
"""


def use(tx: Tx, taken: Sequence[UsedCode]) -> list[Write]:
    """Keep that these codes were taken, and for what; what was taken before stays taken by them.

    Assumes: their members are held, so nobody else takes one meanwhile.
    """
    if not taken:
        return []
    columns = [
        (one.member_id, one.step, one.asked, one.used_at, one.taken_by, one.redemption_id)
        for one in taken
    ]
    return [Write(_USE, (tx.program_id, *map(list, zip(*columns, strict=True))))]


def forget(tx: Tx, taken: Sequence[UsedCode]) -> list[Write]:
    """Let go of what these members showed long before."""
    if not taken:
        return []
    members, steps = [one.member_id for one in taken], [one.step - KEPT for one in taken]
    return [Write(_FORGET, (tx.program_id, members, steps))]


def register(tx: Tx, devices: Sequence[PassDevice]) -> list[Write]:
    """Keep these telephones; one that is known gets its new address."""
    if not devices:
        return []
    columns = [(one.device, one.member_id, one.push_token, one.registered_at) for one in devices]
    return [Write(_REGISTER, (tx.program_id, *map(list, zip(*columns, strict=True))))]


def given(tx: Tx, editions: Sequence[tuple[UUID, bytes, datetime]]) -> list[Write]:
    """These members' telephones are given this edition of their pass from then on."""
    if not editions:
        return []
    return [Write(_GIVEN, (tx.program_id, *map(list, zip(*editions, strict=True))))]


def leave(tx: Tx, gone: Sequence[tuple[str, UUID]]) -> list[Write]:
    """These telephones do not have these passes any more."""
    if not gone:
        return []
    return [Write(_LEAVE, (tx.program_id, *map(list, zip(*gone, strict=True))))]


def changed(tx: Tx, members: Sequence[UUID]) -> list[Write]:
    """The passes of these members changed, so their telephones are to be told."""
    return [Write(_CHANGED, (tx.program_id, tx.now, list(members)))] if members else []


def tell_at(tx: Tx, ones: Sequence[PassDue], at: Sequence[datetime]) -> list[Write]:
    """These are told at these instants, unless somebody told them since."""
    if not ones:
        return []
    columns = [
        (one.device, one.member_id, when, one.tries) for one, when in zip(ones, at, strict=True)
    ]
    rows = map(list, zip(*columns, strict=True))
    return [Write(_TELL_AT, (tx.program_id, *rows), rows=_which(ones))]


def told(tx: Tx, ones: Sequence[PassDue]) -> list[Write]:
    """These know of it; of a change that came meanwhile they are told at once."""
    if not ones:
        return []
    columns = [(one.device, one.member_id, one.changed) for one in ones]
    rows = map(list, zip(*columns, strict=True))
    return [Write(_TOLD, (tx.program_id, tx.now, *rows), rows=_which(ones))]


def gone(tx: Tx, ones: Sequence[PassDue]) -> list[Write]:
    """These telephones are not reached under this address any more."""
    if not ones:
        return []
    columns = [(one.device, one.member_id, one.push_token) for one in ones]
    rows = map(list, zip(*columns, strict=True))
    return [Write(_GONE, (tx.program_id, *rows), rows=_which(ones))]


def _which(ones: Sequence[PassDue]) -> list[tuple[str, UUID]]:
    return [(one.device, one.member_id) for one in ones]
