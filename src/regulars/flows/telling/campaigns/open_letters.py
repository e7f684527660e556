"""A member opens what lies in their card."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.outbox.campaigns.inbox import write


class OpenLetters(Struct, frozen=True):
    """A member has these before their eyes."""

    member_id: UUID
    messages: tuple[UUID, ...]


async def open_letters(tx: Tx, batch: Sequence[OpenLetters]) -> list[Fault | None]:
    """Each of these was opened; the first time counts. What is somebody else's stays as it is.

    Order: by member, whatever the order of the batch, so that two never wait for each other.
    Faults, each for its own item: `unknown_member`.
    """
    there = await members.present(tx, [one.member_id for one in batch])
    for one in sorted(batch, key=lambda each: each.member_id):
        if one.member_id in there:
            await tx.write(write.opened(tx, one.member_id, one.messages))
    return [None if one.member_id in there else nobody() for one in batch]
