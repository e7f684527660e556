"""Forget what is long over, and what deleted hooks have left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx, Write

_FORGET_TRIES = """
delete from hook_try
 where program_id = $1::int and hook_id = $2::uuid and event_id = any($3::uuid[])
"""
_FORGET = """
delete from hook_sending
 where program_id = $1::int and hook_id = $2::uuid and event_id = any($3::uuid[])
"""
_SWEPT = """
update hook_reach set swept_at = greatest(swept_at, $3::timestamptz)
 where program_id = $1::int and hook_id = $2::uuid
"""
_OF_DELETED: Final = tuple(
    f"""
with gone as (
    delete from {table} where ctid = any(array(
        select ctid from {table} where program_id = $1::int and hook_id = $2::uuid limit $3))
    returning 1)
select count(*)::int as many from gone
"""  # noqa: S608
    for table in ("hook_try", "hook_sending", "hook_line", "hook_wish", "hook_replay", "hook_reach")
)


def forget(tx: Tx, hook_id: UUID, events: Sequence[UUID], before: datetime) -> list[Write]:
    """Forget these events on their way to a hook, with their tries, and say so.

    Assumes: its reach is held, so that nothing is planned or sent anew meanwhile.
    """
    here = (tx.program_id, hook_id)
    gone = (_FORGET_TRIES, _FORGET) if events else ()
    return [
        Write(_SWEPT, (*here, before)),
        *(Write(statement, (*here, list(events))) for statement in gone),
    ]


async def clear(tx: Tx, hook_id: UUID, most: int) -> int:
    """Delete some of what a deleted hook has left; how many rows, and none when it has nothing."""
    for statement in _OF_DELETED:
        many: int = (await tx.fetch(statement, tx.program_id, hook_id, most))[0]["many"]
        if many:
            return many
    return 0
