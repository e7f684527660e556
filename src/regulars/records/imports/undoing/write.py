"""Keep who came by an import, and what became of each when it was taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.imports.undoing.read import EVERYBODY

_MADE = """
insert into import_made (program_id, import_id, member_id)
select $1::int, $2::uuid, m from unnest($3::uuid[]) as m
"""
# Whoever books lines meanwhile is waited for, and finds none that wait afterwards.
_HOLD = """
select part, lane from import_lane where program_id = $1::int and import_id = $2::uuid
 order by part, lane for update
"""
_CLEAR = "delete from import_row where program_id = $1::int and import_id = $2::uuid"
_END_IMPORT = """
update import set done_at = coalesce(done_at, $3::timestamptz)
 where program_id = $1::int and import_id = $2::uuid
"""
_BEGIN = """
insert into import_undo (program_id, import_id, actor, begun_at)
values ($1::int, $2::uuid, $3::text, $4::timestamptz) on conflict do nothing returning import_id
"""
_LIST = f"""
insert into import_undone (program_id, import_id, member_id, made)
select $1::int, $2::uuid, member_id, made from ({EVERYBODY}) as e
"""  # noqa: S608 - a statement of ours
_SETTLE = """
update import_undone u set state = s.state, reason = s.reason
  from unnest($3::uuid[], $4::text[], $5::text[]) as s (member_id, state, reason)
 where u.program_id = $1::int and u.import_id = $2::uuid and u.member_id = s.member_id
   and u.state = 'waiting'
"""
_NOBODY_AGAIN = """
select take_back_members($1::uuid, $2::timestamptz, $3::uuid[], $4::text[], $5::uuid[],
                         $6::bytea[]) as done
"""
# Of two who come to the end at once, the second waits here and finds it done.
_OPEN = """
select 1 from import_undo
 where program_id = $1::int and import_id = $2::uuid and done_at is null for update
"""
_COME_AGAIN = "select let_come_again($1::uuid)"
_END = """
update import_undo set done_at = $3::timestamptz where program_id = $1::int and import_id = $2::uuid
"""


def keep_made(tx: Tx, import_id: UUID, member_ids: Sequence[UUID]) -> list[Write]:
    """Keep that this import made these members; in the transaction that makes them."""
    if not member_ids:
        return []
    return [Write(_MADE, (tx.program_id, import_id, list(member_ids)))]


async def begin(tx: Tx, import_id: UUID, actor: str) -> bool:
    """Begin to take an import back: it goes on no further, and everybody is listed; once.

    Order: its lanes are held first, so that who books lines is done with them.
    """
    for setting in ("enable_seqscan = on", "statement_timeout = 0"):
        await tx.fetch(f"set local {setting}")
    await tx.fetch(_HOLD, tx.program_id, import_id)
    if not await tx.fetch(_BEGIN, tx.program_id, import_id, actor, tx.now):
        return False
    await tx.fetch(_CLEAR, tx.program_id, import_id)
    await tx.fetch(_END_IMPORT, tx.program_id, import_id, tx.now)
    await tx.fetch(_LIST, tx.program_id, import_id)
    return True


def settle(tx: Tx, import_id: UUID, became: Mapping[UUID, str]) -> list[Write]:
    """Keep from whom it was taken (no reason), and who keeps it and why."""
    if not became:
        return []
    states = ["kept" if reason else "undone" for reason in became.values()]
    args = (tx.program_id, import_id, list(became), states, list(became.values()))
    return [Write(_SETTLE, args)]


async def nobody_again(
    tx: Tx, import_id: UUID, members: Mapping[UUID, str], packed: Mapping[UUID, bytes]
) -> None:
    """These members are nobody again; each gets a number nobody had, and trails without them."""
    if members:
        args = (list(members), list(members.values()), list(packed), list(packed.values()))
        await tx.fetch(_NOBODY_AGAIN, import_id, tx.now, *args)


async def end(tx: Tx, import_id: UUID) -> None:
    """All is taken back: its receipts move aside, so a mended file comes in as a new one, once.

    Order: the undo is held first, as receipts that moved twice would meet nobody's again.
    """
    if not await tx.fetch(_OPEN, tx.program_id, import_id):
        return
    for setting in ("enable_seqscan = on", "statement_timeout = 0"):
        await tx.fetch(f"set local {setting}")
    await tx.fetch(_COME_AGAIN, import_id)
    await tx.fetch(_END, tx.program_id, import_id, tx.now)
