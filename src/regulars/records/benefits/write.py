"""Keep grants and uses."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.benefits.types import Grant, Use

_GRANT = """
insert into benefit_grant (program_id, member_id, grant_id, benefit, times, from_at, until_at,
                           actor, reason)
select $1::int, g.* from unnest($2::benefit_grant_row[]) as g
"""
_USE = """
insert into benefit_use (program_id, member_id, use_id, benefit, version, terms, grant_id, state,
                         store, channel, sku, details, actor, used_at, from_at, place)
select $1::int, u.member_id, u.use_id, u.benefit, u.version, u.terms::jsonb, u.grant_id, 'used',
       u.store, u.channel, u.sku, u.details::jsonb, u.actor, u.used_at,
       (u.terms::jsonb #>> '{booked,from_at}')::timestamptz,
       (u.terms::jsonb #>> '{booked,place}')::int
  from unnest($2::benefit_use_row[]) as u
"""
_UNDO = """
update benefit_use set state = 'undone', undone_at = $3::timestamptz, came_at = null
 where program_id = $1::int and use_id = any($2::uuid[])
"""
_MISS = """
update benefit_use set state = 'missed', undone_at = $3::timestamptz, came_at = null
 where program_id = $1::int and use_id = any($2::uuid[])
"""
_CHECK_IN = """
update benefit_use set came_at = $3::timestamptz
 where program_id = $1::int and use_id = any($2::uuid[])
"""
_encode = msgspec.json.Encoder().encode


def grant(tx: Tx, granted: Sequence[Grant]) -> list[Write]:
    """Keep what was granted by hand."""
    if not granted:
        return []
    rows = [
        (g.member_id, g.grant_id, g.benefit, g.times, g.from_at, g.until_at, g.actor, g.reason)
        for g in granted
    ]
    return [Write(_GRANT, (tx.program_id, rows))]


def use(tx: Tx, used: Sequence[Use]) -> list[Write]:
    """Keep new uses with the benefit as it was promised."""
    if not used:
        return []
    rows = [
        (
            u.member_id, u.use_id, u.benefit, u.version, _encode(u.included).decode(), u.grant_id,
            u.store, u.channel, u.sku, _encode(u.details).decode(), u.actor, u.used_at,
        )
        for u in used
    ]  # fmt: skip
    return [Write(_USE, (tx.program_id, rows), rows=_ids(used))]


def undo(tx: Tx, undone: Sequence[Use]) -> list[Write]:
    """Keep that these uses were taken back, now."""
    if not undone:
        return []
    return _told(tx, _UNDO, undone)


def miss(tx: Tx, missed: Sequence[Use]) -> list[Write]:
    """Keep that nobody came to these appointments, and that they count all the same."""
    if not missed:
        return []
    return _told(tx, _MISS, missed)


def check_in(tx: Tx, came: Sequence[Use]) -> list[Write]:
    """Keep that somebody came to these appointments, now."""
    if not came:
        return []
    return _told(tx, _CHECK_IN, came)


def _told(tx: Tx, sql: str, uses: Sequence[Use]) -> list[Write]:
    ids = _ids(uses)
    return [Write(sql, (tx.program_id, ids, tx.now), rows=ids)]


def _ids(uses: Sequence[Use]) -> list[UUID]:
    return [use.use_id for use in uses]
