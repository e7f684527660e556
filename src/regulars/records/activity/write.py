"""Append what happened."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.activity.types import Activity

_APPEND = """
insert into activity (program_id, member_id, activity_id, kind, source, external_id, sale_id,
                      occurred_at, recorded_at, store, channel, amount_minor, body, actor)
select $1::int, a.member_id, a.activity_id, a.kind, a.source, a.external_id, a.sale_id,
       a.occurred_at, $2::timestamptz, a.store, a.channel, a.amount_minor, a.body::jsonb, a.actor
  from unnest($3::activity_row[]) as a
"""
_WAIT = """
insert into waiting_return (program_id, sale_key, activity_id, command, recorded_at)
select $1::int, w.sale_key, w.activity_id, w.command, $2::timestamptz
  from unnest($3::uuid[], $4::uuid[], $5::bytea[]) as w (sale_key, activity_id, command)
"""
_SETTLE = """
update waiting_return w set settled_at = $2::timestamptz
  from unnest($3::uuid[]) as s (activity_id)
 where w.program_id = $1::int and w.activity_id = s.activity_id
"""
_REFUSE = """
update waiting_return w set refused_at = $2::timestamptz
  from unnest($3::uuid[]) as s (activity_id)
 where w.program_id = $1::int and w.activity_id = s.activity_id
"""
_RETELL = """
update waiting_return w set command = s.command
  from unnest($2::uuid[], $3::bytea[]) as s (activity_id, command)
 where w.program_id = $1::int and w.activity_id = s.activity_id
"""
_encode = msgspec.json.Encoder().encode


def append(tx: Tx, activities: Sequence[Activity]) -> list[Write]:
    """Keep these activities as they were told."""
    if not activities:
        return []
    rows = [
        (
            a.activity_id, a.member_id, a.kind, a.source, a.external_id, a.sale_id,
            a.occurred_at, a.store, a.channel, a.amount_minor, _encode(a.body).decode(), a.actor,
        )
        for a in activities
    ]  # fmt: skip
    return [Write(_APPEND, (tx.program_id, tx.now, rows))]


def wait(tx: Tx, returns: Sequence[tuple[UUID, UUID, bytes]]) -> list[Write]:
    """These returns (sale key, activity, command) came before their sale and wait for it."""
    if not returns:
        return []
    columns = [list(column) for column in zip(*returns, strict=True)]
    return [Write(_WAIT, (tx.program_id, tx.now, *columns), rows=columns[1])]


def settle_waiting(tx: Tx, activity_ids: Sequence[UUID]) -> list[Write]:
    """These returns met their sale."""
    if not activity_ids:
        return []
    return [Write(_SETTLE, (tx.program_id, tx.now, list(activity_ids)), rows=activity_ids)]


def refuse_waiting(tx: Tx, activity_ids: Sequence[UUID]) -> list[Write]:
    """These returns met their sale and cannot be taken; they stay for people to look at."""
    if not activity_ids:
        return []
    return [Write(_REFUSE, (tx.program_id, tx.now, list(activity_ids)))]


def retell_waiting(tx: Tx, told: Sequence[tuple[UUID, bytes]]) -> list[Write]:
    """What was told of these returns, without what an erasure took."""
    if not told:
        return []
    ids, commands = map(list, zip(*told, strict=True))
    return [Write(_RETELL, (tx.program_id, ids, commands))]
