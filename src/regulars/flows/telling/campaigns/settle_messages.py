"""What became of messages of campaigns is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.base.tx import Tx
from regulars.flows.telling.campaigns.commands import Posting
from regulars.flows.telling.said.marking import mark_addresses
from regulars.records.members import read as members
from regulars.records.outbox.bounces.types import Bounce, Meant
from regulars.records.outbox.campaigns import read, write
from regulars.records.outbox.campaigns.inbox import write as inbox
from regulars.records.outbox.campaigns.inbox.types import Laid, PassedOn
from regulars.records.outbox.campaigns.returned import write as returned
from regulars.records.outbox.campaigns.returned.types import Back
from regulars.records.outbox.campaigns.types import TOLD, Outcome, Skipped, Way
from regulars.records.outbox.delivery.devices import write as devices
from regulars.records.outbox.delivery.devices.types import PushDevice
from regulars.records.outbox.delivery.reasons import kept_reason
from regulars.records.outbox.delivery.rules import MOST_ATTEMPTS, pause
from regulars.records.outbox.delivery.types import MAILED, Mailed
from regulars.records.outbox.write import Told, tell


class Went(Struct, frozen=True):
    """What a sender says of a message: `unsure` may have arrived and is not tried again, `again`
    may have arrived and is, by its key; `unwritten` never left. `back` is
    what it says of the address."""

    posting: Posting
    outcome: Literal["sent", "later", "again", "unsure", "never", "unwritten"]
    reason: str = ""
    back: Meant = ""
    away: bool = False
    """Whether the sender as a whole does not answer."""
    laid: Laid | None = None
    """What is laid into the member's card by it."""
    passed_on: PassedOn | None = None
    """What another system is told to say."""
    gone: tuple[PushDevice, ...] = ()
    """Devices that are no more, as their push service says."""


async def settle_messages(tx: Tx, batch: Sequence[Went]) -> list[None]:
    """Each of these is sent, goes later, is not sent, or nobody knows.

    Order: an answer counts for the try it belongs to.
    What goes into a card is laid there in this transaction, so it is there once or not at all; so
    is what webhooks are told.
    Keeps: an address that nobody is at is marked, as for every other letter, and counted with its
    campaign; a telephone whose owner wants nothing has that as their word. Of what a provider says
    one line, without the address.
    """
    laid = [one.laid for one in batch if one.laid is not None and one.outcome == "sent"]
    await tx.write(inbox.lay(tx, laid))
    await _pass_on(tx, batch)
    await tx.write(write.settle(tx, [_outcome(tx, one) for one in batch]))
    await tx.write(devices.drop(tx, [device for one in batch for device in one.gone]))
    for channel in MAILED:
        await _mark(tx, [one for one in batch if one.back and _by(one) == channel], channel)
    return [None] * len(batch)


async def _mark(tx: Tx, batch: Sequence[Went], channel: Mailed) -> None:
    """What these say of the addresses they went to is kept, and with their campaign that nobody is
    there. Whoever wants nothing got nothing of this campaign that they could complain of."""
    said = {one.posting.due.message_id: one for one in batch}
    letters = await read.letters(tx, sorted(said), channel)
    marks = [
        Bounce(address, who, kept_reason(one.reason, one.posting.address), tx.now, one.back)
        for id_, (who, address) in sorted(letters.items())
        if (one := said[id_]).back
    ]
    if marks:
        back: dict[UUID, Back] = {id_: "hard" for id_ in letters if said[id_].back == "hard"}
        await tx.write(returned.back(tx, back))
        await mark_addresses(tx, marks, channel)


def _by(one: Went) -> Way:
    """By which channel it went."""
    return one.posting.due.channel or one.posting.campaign.channel


async def _pass_on(tx: Tx, batch: Sequence[Went]) -> None:
    """Webhooks hear of what another system is to say, each message once.

    Keeps: nobody's standing is held or raised: an event bears the version its member has. Whoever
    was erased meanwhile is not told of.
    """
    some = [one for one in batch if one.passed_on is not None and one.outcome == "sent"]
    if not some:
        return
    told = [(one.posting.due.message_id, one.posting.attempts) for one in some]
    there = await write.under_way(tx, told)
    some = [one for one in some if one.posting.due.message_id in there]
    versions = await members.versions(tx, {one.posting.due.member_id for one in some})
    await tx.write(tell(tx, [
        Told(
            one.posting.due.member_id, versions[one.posting.due.member_id], TOLD,
            msgspec.json.encode(_payload(one, there[one.posting.due.message_id])).decode(),
        )
        for one in some
    ]))  # fmt: skip


def _payload(one: Went, journey: str) -> dict[str, str]:
    assert one.passed_on is not None, one
    campaign, said = one.posting.campaign, one.passed_on
    return {
        "message_id": f"msg_{one.posting.due.message_id.hex}",
        "campaign": "" if journey else campaign.code,
        "journey": journey,
        "step": campaign.code if journey else "",
        "language": said.language,
        "about": said.about,
        "text": said.says,
        "stop": said.stop,
    }


def _outcome(tx: Tx, one: Went) -> Outcome:
    id_, tries = one.posting.due.message_id, one.posting.attempts
    if one.outcome == "sent":
        return Outcome(id_, tries, "sent")
    detail = kept_reason(one.reason, one.posting.address)
    # Once it may have arrived it counts as sent to the cap, until a provider says what it was.
    perhaps = one.outcome == "again" or (one.posting.due.taken and one.outcome != "never")
    # Of a sender that is away nothing was tried: what it is to send waits until it is too late.
    in_time = tries < MOST_ATTEMPTS or (one.away and not perhaps)
    if one.outcome in ("later", "again") and in_time:
        state: Literal["sending", "waiting"] = "sending" if perhaps else "waiting"
        return Outcome(id_, tries, state, "", detail, tx.now + pause(tries))
    if one.outcome == "unsure" or perhaps:
        return Outcome(id_, tries, "unknown", "", detail)
    if one.outcome == "never" and _nobody_there(one):  # the next of its channels is looked for
        return Outcome(id_, tries, "waiting", "", detail, tx.now)
    return Outcome(id_, tries, "skipped", _why(one), detail)


def _why(one: Went) -> Skipped:
    """Why it is not sent at all."""
    if one.outcome == "later":
        return "in_vain"
    if one.outcome == "unwritten":
        return "unwritten"
    if one.back == "complaint":
        return "no_consent"
    return "bounced" if one.back == "hard" else "refused"


def _nobody_there(one: Went) -> bool:
    """Whether it went by one of several channels, and there is nobody where it went: the address is
    marked, or all devices are dropped, with this. What may have arrived goes by no other."""
    posting = one.posting
    if not posting.due.channel or posting.due.taken or posting.attempts >= MOST_ATTEMPTS:
        return False
    return one.back in ("hard", "complaint") or (
        bool(posting.devices) and {*posting.devices} <= {*one.gone}
    )
