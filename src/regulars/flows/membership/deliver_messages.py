"""A message in a member's inbox was shown to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import askings, kept, settle_followers, sort_out
from regulars.records.members.erasure.read import erased
from regulars.records.members.types import Asked, erased_fault
from regulars.records.once.write import keep
from regulars.records.outbox import read, write
from regulars.records.standing.read import lock


class Deliver(Struct, frozen=True):
    """Somebody showed a message to its member: which one, and by what (`card`, `receipt`, …)."""

    message_id: UUID
    by: str = ""
    asked: Asked = Asked()


class Delivered(Struct, frozen=True, omit_defaults=True):
    """When a message was first shown."""

    message_id: UUID
    member_id: UUID
    delivered_at: datetime
    delivered_by: str
    replayed: bool = False


DeliverOutcome = Delivered | Fault


async def deliver_messages(tx: Tx, terms: Terms, batch: Sequence[Deliver]) -> list[DeliverOutcome]:
    """Each message is delivered from now on; shown again, the first time stays.

    Order: the members are locked first, since whether points may lapse depends on it.
    Faults: NotFound for a message that is not here; MemberErased for one whose member is erased.
    """
    asked = askings("deliver", batch, lambda _: None)
    await sort_out(tx, asked, Delivered)
    fresh = [item for item in asked if item.open]
    ids = sorted({item.command.message_id for item in fresh})
    members = sorted({one.member_id for one in (await read.some(tx, ids)).values()})
    await lock(tx, members)
    found, gone = await read.some(tx, ids), await erased(tx, members)
    shown: dict[UUID, tuple[UUID, UUID, str]] = {}
    rows = []
    for item in fresh:
        message_id = item.command.message_id
        message = found.get(message_id)
        if message is None:
            item.outcome = NotFound("there is no such message here; check its id for a slip")
            continue
        if message.member_id in gone:
            item.outcome = erased_fault("")
            continue
        at, by = message.delivered_at, message.delivered_by
        if at is None:
            name = item.command.by or item.command.asked.principal
            _, _, by = shown.setdefault(message_id, (message.member_id, message_id, name))
        item.outcome = Delivered(message_id, message.member_id, at or tx.now, by)
        rows += kept(item, message.member_id, message_id)
    await tx.write([*keep(tx, rows), *write.deliver(tx, list(shown.values()))])
    return settle_followers(asked)
