"""A member lets a device of theirs be told, and takes that back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.said.agreeing import keep_words
from regulars.records.members import read as members
from regulars.records.members.consents import read as consents
from regulars.records.members.consents.types import Consent
from regulars.records.members.types import nobody
from regulars.records.members.unions import read as unions
from regulars.records.outbox.delivery.devices import read, write
from regulars.records.outbox.delivery.devices.types import (
    KEY_BYTES,
    LONGEST_ENDPOINT,
    LONGEST_NAME,
    MOST_DEVICES,
    SECRET_BYTES,
    PushDevice,
)

PUSH: Final = "push"
"""The channel of notices on devices."""


class KeepDevice(Struct, frozen=True):
    """A member gave leave in a browser: where and how it is told. `source` is where they said so;
    `pressed`, that they did so this minute, by a button that says what it is for.

    Assumes: whoever asks looked whether the address may be called at all.
    """

    member_id: UUID
    endpoint: str
    receives: bytes
    secret: bytes
    name: str
    source: str
    pressed: bool = False

    def __repr__(self) -> str:
        return f"KeepDevice({self.member_id})"


class ForgetDevice(Struct, frozen=True):
    """A device of a member is told nothing more."""

    member_id: UUID
    device_id: UUID


DeviceOutcome = PushDevice | Fault


async def keep_devices(
    tx: Tx, _: Terms, batch: Sequence[KeepDevice | ForgetDevice]
) -> list[DeviceOutcome]:
    """Each device is told from now on, or no more; with the first leave its member agreed to the
    channel, too. After a no, leave that somebody else hands on is no yes: only the button is.

    Order: one after the other, as each may bring a browser from one member to another.
    Keeps: of a member no more than ten, and the one that was kept first goes. Leave that is given
    again in the same browser is one device, with its newest keys.
    Faults, each for its own item: `unknown_member`, `invalid` (keys that are none), `not_found`.
    """
    ids = sorted({one.member_id for one in batch})
    stands = await unions.aliases(tx, ids)
    await members.lock(tx, sorted({stands.get(one, one) for one in ids}))
    there = await members.present(tx, ids)
    known = await members.members(tx, sorted({stands.get(one, one) for one in ids}))
    erased = {id_ for id_, one in known.items() if one.state == "erased"}
    outcomes: list[DeviceOutcome] = []
    for one in batch:
        who = stands.get(one.member_id, one.member_id)
        if one.member_id not in there or who in erased:
            outcomes.append(nobody())
        elif isinstance(one, KeepDevice):
            outcomes.append(await _keep(tx, who, one))
        else:
            outcomes.append(await _forget(tx, who, one))
    return outcomes


async def _keep(tx: Tx, who: UUID, one: KeepDevice) -> DeviceOutcome:
    wrong = _wrong(one)
    if wrong is not None:
        return wrong
    named = one.name.strip()[:LONGEST_NAME]
    kept = PushDevice(tx.new_id(), who, one.endpoint, one.receives, one.secret, named, tx.now)
    await tx.write(write.keep(tx, [kept]))
    theirs = (await read.of(tx, [who])).get(who, ())
    await tx.write(write.forget(tx, [late.device_id for late in theirs[:-MOST_DEVICES]]))
    said = (await consents.standing(tx, who)).get(PUSH)
    agreed = said is not None and said.state == "given"
    if not agreed and (one.pressed or not await _said_no(tx, who)):
        await keep_words(tx, [Consent(who, PUSH, "given", one.source, tx.now)])
    return next(each for each in theirs if each.endpoint == one.endpoint)


async def _said_no(tx: Tx, who: UUID) -> bool:
    """Whether this member took their word back, or somebody who was merged into them."""
    said = await consents.withdrawn(tx, await unions.family(tx, [who]))
    return any(PUSH in channels for channels in said.values())


async def _forget(tx: Tx, who: UUID, one: ForgetDevice) -> DeviceOutcome:
    theirs = (await read.of(tx, [who])).get(who, ())
    found = next((each for each in theirs if each.device_id == one.device_id), None)
    if found is None:
        return NotFound("this member has no such device")
    await tx.write(write.forget(tx, [found.device_id]))
    return found


def _wrong(one: KeepDevice) -> Fault | None:
    if not 0 < len(one.endpoint) <= LONGEST_ENDPOINT:
        return Invalid("this is no address of a push service", field="/endpoint")
    if len(one.receives) != KEY_BYTES or one.receives[0] != 4:
        return Invalid(
            "this is no public key on P-256: 65 bytes, the first of them 4", field="/keys/p256dh"
        )
    if len(one.secret) != SECRET_BYTES:
        return Invalid("this is no secret of a subscription: 16 bytes", field="/keys/auth")
    return None
