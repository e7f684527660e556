"""Find codes that were taken, and telephones with passes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.access.cards.types import PassDevice, PassDue, UsedCode

_USED = """
select c.member_id, c.step, c.asked, c.used_at, c.taken_by, c.redemption_id
  from unnest($2::uuid[], $3::bigint[]) as w (member_id, step)
  join card_code c on c.program_id = $1::int and c.member_id = w.member_id and c.step = w.step
"""
_DEVICES = """
select device, member_id, push_token, registered_at from pass_device
 where program_id = $1::int and device = $2::text order by member_id
"""
_OF_MEMBER = """
select count(*)::int as telephones from pass_device
 where program_id = $1::int and member_id = $2::uuid
"""
# A telephone that came since has none of its own; what the others were given is the same pass.
_EDITIONS = """
select distinct on (member_id) member_id, edition, edition_at from pass_device
 where program_id = $1::int and member_id = any($2::uuid[])
 order by member_id, edition_at desc nulls last
"""
_ANY = "select exists (select from pass_device where program_id = $1::int) as any"
_DUE = """
select device, member_id, push_token, changed, tries, registered_at from pass_device
 where program_id = $1::int and try_at <= $2::timestamptz
 order by try_at, device, member_id limit $3 for update skip locked
"""


async def used(tx: Tx, wanted: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], UsedCode]:
    """Which of these codes, each by member and half minute, were taken already."""
    if not wanted:
        return {}
    members, steps = map(list, zip(*wanted, strict=True))
    rows = await tx.fetch(_USED, tx.program_id, members, steps)
    return {(row["member_id"], row["step"]): UsedCode(*row.values()) for row in rows}


async def of_device(tx: Tx, device: str) -> list[PassDevice]:
    """The passes a telephone keeps."""
    rows = await tx.fetch(_DEVICES, tx.program_id, device)
    return [PassDevice(*row.values()) for row in rows]


async def telephones_of(tx: Tx, member_id: UUID) -> int:
    """On how many telephones a member's card lies in a wallet."""
    return int((await tx.fetch(_OF_MEMBER, tx.program_id, member_id))[0]["telephones"])


async def editions(
    tx: Tx, member_ids: Sequence[UUID]
) -> dict[UUID, tuple[bytes | None, datetime | None]]:
    """Of each of these members whose pass a telephone keeps: which edition was given last, and
    since when it is that one."""
    rows = await tx.fetch(_EDITIONS, tx.program_id, list(member_ids)) if member_ids else []
    return {row["member_id"]: (row["edition"], row["edition_at"]) for row in rows}


async def any_device(tx: Tx) -> bool:
    """Whether any telephone keeps a pass of this program."""
    return bool((await tx.fetch(_ANY, tx.program_id))[0]["any"])


async def due(tx: Tx, most: int) -> list[PassDue]:
    """Telephones to be told now, held until this transaction ends."""
    rows = await tx.fetch(_DUE, tx.program_id, tx.now, most)
    return [PassDue(*row.values()) for row in rows]
