"""Read sandboxes, their clocks, and what would have been sent from them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.night.sandbox.types import Sandbox, Unsent

_COLUMNS = """
select program_id, of_program, name, made_at, made_by, ahead, from_at, to_at from
"""
_OWN = f"{_COLUMNS} sandbox where program_id = $1::int"
# Everybody in a sandbox holds its key, so that it does not end under them; its clock may move.
_HELD = f"{_OWN} for no key update"
_ALL = f"{_COLUMNS} own_sandboxes() order by made_at, program_id"
_NAMED = f"{_COLUMNS} own_sandboxes() where name = $1::text"
_UNSENT = """
select delivery_id, member_id, channel, kind, about, says, written_at from unsent_letter
 where program_id = $1::int
   and (written_at, delivery_id) < ($2::timestamptz, $3::uuid)
 order by written_at desc, delivery_id desc limit $4::int
"""
_LAST = (datetime.max.replace(tzinfo=UTC), UUID(int=(1 << 128) - 1))


async def own(tx: Tx, *, held: bool = False) -> Sandbox | None:
    """This program as a sandbox, if it is one; `held` until this transaction is over."""
    rows = await tx.fetch(_HELD if held else _OWN, tx.program_id)
    return Sandbox(**rows[0]) if rows else None


async def sandboxes(tx: Tx) -> list[Sandbox]:
    """The sandboxes of this program, oldest first."""
    return [Sandbox(**row) for row in await tx.fetch(_ALL)]


async def called(tx: Tx, name: str) -> Sandbox | None:
    """The sandbox of this program with this name."""
    rows = await tx.fetch(_NAMED, name)
    return Sandbox(**rows[0]) if rows else None


async def unsent(tx: Tx, most: int, before: tuple[datetime, UUID] | None = None) -> list[Unsent]:
    """What would have been sent, newest first, written before that one."""
    at, id_ = before or _LAST
    return [Unsent(**row) for row in await tx.fetch(_UNSENT, tx.program_id, at, id_, most)]
