"""Telephones that keep the pass of a member, and want to hear when it changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.records.access.cards import read, write
from regulars.records.access.cards.types import PassDevice
from regulars.records.members import read as members

LONGEST_DEVICE = 100
LONGEST_TOKEN = 200


class RegisterPass(Struct, frozen=True):
    """A telephone has this member's pass now; without a `push_token` it has it no more.

    Assumes: who asks proved with the pass's own token that they have it.
    """

    device: str
    member_id: UUID
    push_token: str = ""


class PassKept(Struct, frozen=True):
    """What a telephone asked for is so; `fresh` when it was not before."""

    fresh: bool


async def keep_passes(tx: Tx, batch: Sequence[RegisterPass]) -> list[PassKept]:
    """Each telephone is kept or let go, as it asks last.

    Order: members are held, so that of two who come at once one is fresh. Who was erased keeps
    no telephone.
    """
    ids = sorted({one.member_id for one in batch})
    await members.lock(tx, ids)
    found = await members.members(tx, ids)
    devices = sorted({one.device for one in batch})
    before = {(d, p.member_id) for d in devices for p in await read.of_device(tx, d)}
    here, outcomes, last = set(before), [], dict[tuple[str, UUID], RegisterPass]()
    for one in batch:
        place = (one.device, one.member_id)
        stays = bool(one.push_token) and one.member_id in found
        stays = stays and found[one.member_id].state != "erased"
        outcomes.append(PassKept(stays != (place in here)))
        here = here | {place} if stays else here - {place}
        last[place] = one
    kept = [
        PassDevice(one.device, one.member_id, one.push_token, tx.now)
        for place, one in last.items()
        if place in here
    ]
    await tx.write(write.register(tx, kept))
    await tx.write(write.leave(tx, [place for place in last if place not in here]))
    return outcomes


class GiveEdition(Struct, frozen=True):
    """A telephone is given the pass of this member as it is now; `edition` is a digest of it."""

    member_id: UUID
    edition: bytes


class EditionKept(Struct, frozen=True):
    """Since when it is this edition; nothing where no telephone keeps the pass."""

    at: datetime | None


async def give_editions(tx: Tx, batch: Sequence[GiveEdition]) -> list[EditionKept]:
    """Each is the edition that was given last; of the one that is, since when.

    Keeps: to the second, as HTTP says moments, and no two editions of a pass have one: what a
    telephone has is known by it.
    """
    ids = sorted({one.member_id for one in batch})
    await members.lock(tx, ids)
    there, outcomes = await read.editions(tx, ids), []
    fresh = dict[UUID, tuple[bytes, datetime]]()
    for one in batch:
        if one.member_id not in there:
            outcomes.append(EditionKept(None))
            continue
        edition, at = there[one.member_id]
        if at is None or edition != one.edition:
            now = tx.now.replace(microsecond=0)
            at = now if at is None else max(now, at + _SECOND)
            there[one.member_id] = fresh[one.member_id] = (one.edition, at)
        outcomes.append(EditionKept(at))
    await tx.write(write.given(tx, [(id_, *told) for id_, told in sorted(fresh.items())]))
    return outcomes


_SECOND: Final = timedelta(seconds=1)
