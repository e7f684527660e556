"""What became of deliveries is kept; what was parked is tried again when somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx, Write
from regulars.flows.telling.said.marking import mark_addresses
from regulars.records.access.members.types import (
    FORGOTTEN,
    IDLE_FOR,
    LASTS,
    PROVES_FOR,
)
from regulars.records.access.members.write import sweep as sweep_access
from regulars.records.access.staff.read import chosen
from regulars.records.outbox import read as inbox
from regulars.records.outbox.bounces import read as bounces
from regulars.records.outbox.bounces.types import Bounce
from regulars.records.outbox.delivery import read, write
from regulars.records.outbox.delivery.devices import write as devices
from regulars.records.outbox.delivery.rules import MOST_ATTEMPTS, pause
from regulars.records.outbox.delivery.types import ALWAYS, MAILED, Mailed, Result
from regulars.records.outbox.write import deliver
from regulars.records.standing.read import lock

MOST_SHOWN: Final = 10_000
"""How long it is kept what was sent and what was parked."""
FOR_ANOTHER: Final = timedelta(days=1)
"""How long something that was parked is worth sending when somebody asks for it."""


class SendAgain(Struct, frozen=True):
    """Somebody mended what was wrong: a delivery that was parked is tried again."""

    delivery_id: UUID


class OnItsWay(Struct, frozen=True):
    """A delivery that is tried again."""

    delivery_id: UUID


AgainOutcome = OnItsWay | Fault


async def settle_deliveries(tx: Tx, batch: Sequence[Result]) -> list[None]:
    """Each of these was sent, is tried again later, or is parked with the reason.

    Order: who wants nothing more is held first, as nobody waits for them who holds a standing.
    Members whose notice was sent are locked, since whether points may lapse depends on
    whether it was shown.
    Keeps: a notice of an end that went out counts as shown, by its channel. An address that nobody
    is at is marked; a device that is no more is forgotten.
    """
    for channel in MAILED:
        await _mark(tx, [one for one in batch if one.back and one.by == channel], channel)
    shown = await inbox.some(tx, [one.message_id for one in batch if one.message_id])
    await lock(tx, sorted({one.member_id for one in shown.values()}))
    sent, parked, later = [], [], []
    told = []
    for one in batch:
        key = (one.delivery_id, one.attempts)
        if one.outcome == "sent":
            sent.append(key)
            message = shown.get(one.message_id) if one.message_id else None
            told += [] if message is None else [(message.member_id, message.message_id, one.by)]
        elif one.outcome == "later" and one.attempts < MOST_ATTEMPTS:
            later.append((*key, one.reason, tx.now + pause(one.attempts)))
        elif one.outcome == "later":
            parked.append((*key, f"tried {one.attempts} times; the last time: {one.reason}"))
        else:
            parked.append((*key, one.reason))
    writes: list[Write] = [*write.sent(tx, sent), *write.park(tx, parked), *write.later(tx, later)]
    lost = [device for one in batch for device in one.gone]
    await tx.write([*writes, *deliver(tx, told), *devices.drop(tx, lost)])
    return [None] * len(batch)


async def _mark(tx: Tx, batch: Sequence[Result], channel: Mailed) -> None:
    """What these say of the addresses they went to is kept."""
    said = {one.delivery_id: one for one in batch}
    letters = await bounces.letters(tx, sorted(said), channel)
    marks = [
        Bounce(address, who, one.reason, tx.now, one.back)
        for id_, (who, address) in sorted(letters.items())
        if (one := said[id_]).back
    ]
    if marks:
        await mark_addresses(tx, marks, channel)


async def send_again(tx: Tx, batch: Sequence[SendAgain]) -> list[AgainOutcome]:
    """Each of these is tried again as if for the first time.

    Faults, each for its own item: `not_found` for what is not parked, `invalid` for a code, which
    nobody waits for any more.
    """
    parked = {one.delivery_id: one for one in await read.page(tx, "parked", MOST_SHOWN)}
    outcomes: list[AgainOutcome] = []
    for one in batch:
        found = parked.get(one.delivery_id)
        if found is None:
            outcomes.append(NotFound("no delivery with this id is parked", field="/delivery_id"))
        elif found.kind in ALWAYS:
            outcomes.append(
                Invalid(
                    "a code is not sent again",
                    field="/delivery_id",
                    mend="Let the member ask for another one",
                )
            )
        else:
            outcomes.append(OnItsWay(one.delivery_id))
    ids = sorted({one.delivery_id for one in outcomes if isinstance(one, OnItsWay)})
    await tx.write(write.again(tx, ids, tx.now + FOR_ANOTHER))
    return outcomes


async def forget_settled(tx: Tx) -> None:
    """Forget deliveries, codes and sessions that were over long ago."""
    old = sweep_access(tx, tx.now - FORGOTTEN, tx.now - PROVES_FOR, tx.now - LASTS - IDLE_FOR)
    kept_for = timedelta(days=(await chosen(tx)).of("messages_kept_days"))
    await tx.write([*write.sweep(tx, tx.now - kept_for), *old])
