"""Find the addresses whose letters come back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.outbox.bounces.types import Bounce

_COLUMNS: Final = "select address, member_id, reason, bounced_at, kind, times from bounced_address"
_SOME: Final = f"{_COLUMNS} where program_id = $1::int and address = any($2::bytea[])"
_MARKED: Final = f"{_SOME} and kind <> 'soft'"
_PAGE: Final = f"""{_COLUMNS}
 where program_id = $1::int and kind <> 'soft' order by bounced_at desc, address limit $2
"""
_LETTERS: Final = """
select delivery_id, member_id, address from delivery
 where program_id = $1::int and channel = $3::text and delivery_id = any($2::uuid[])
"""


async def some(tx: Tx, addresses: Collection[bytes]) -> dict[bytes, Bounce]:
    """Of these addresses, by their digests, those that are marked: nothing is written there."""
    return await _found(tx, _MARKED, addresses)


async def failed(tx: Tx, addresses: Collection[bytes]) -> dict[bytes, Bounce]:
    """Of these addresses those that are marked, and those to which a letter failed for now."""
    return await _found(tx, _SOME, addresses)


async def page(tx: Tx, most: int) -> list[Bounce]:
    """All of them, newest first."""
    return [Bounce(*row.values()) for row in await tx.fetch(_PAGE, tx.program_id, most)]


async def letters(
    tx: Tx, ids: Sequence[UUID], channel: str = "email"
) -> dict[UUID, tuple[UUID, bytes]]:
    """Of these deliveries, those of this program that went by this channel: to whom, and which
    address."""
    rows = await tx.fetch(_LETTERS, tx.program_id, list(ids), channel) if ids else ()
    return {row["delivery_id"]: (row["member_id"], bytes(row["address"])) for row in rows}


async def _found(tx: Tx, sql: str, addresses: Collection[bytes]) -> dict[bytes, Bounce]:
    rows = await tx.fetch(sql, tx.program_id, list(addresses)) if addresses else ()
    return {bytes(row["address"]): Bounce(*row.values()) for row in rows}
