"""Letters that came back: their addresses are left alone until somebody confirms them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, NotFound
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.flows.telling.mail import mail_digests
from regulars.flows.telling.said.marking import mark_addresses
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.members import read as members
from regulars.records.members.unions import read as unions
from regulars.records.outbox.bounces import read, write
from regulars.records.outbox.bounces.types import Bounce
from regulars.records.outbox.campaigns import read as campaigns
from regulars.records.outbox.campaigns.returned import write as returned
from regulars.records.outbox.campaigns.returned.types import Back
from regulars.records.outbox.delivery.reasons import kept_reason


class NoteBounce(Struct, frozen=True):
    """A letter of ours came back: which delivery it was, what the mail system says, and whether the
    address is wrong (`hard`) or takes nothing for now (`soft`).

    Assumes: nobody knows the number of a delivery but who got the letter and who carried it.
    """

    delivery_id: UUID
    reason: str
    kind: Literal["soft", "hard"] = "hard"


class Marked(Struct, frozen=True):
    """Letters to this member's address come back; `fresh` unless that was known."""

    member_id: UUID
    fresh: bool


class ConfirmAddress(Struct, frozen=True):
    """Somebody of the shop is sure that this member's e-mail is right: it is written to again."""

    member_id: UUID
    by: By | None = None


class Confirmed(Struct, frozen=True):
    """How many addresses of the member are written to again."""

    member_id: UUID
    addresses: int


NoteOutcome = Marked | Fault
ConfirmOutcome = Confirmed | Fault


async def note_bounces(tx: Tx, batch: Sequence[NoteBounce]) -> list[NoteOutcome]:
    """Each address a letter came back from for good is marked once, whatever comes back after it;
    what came back for now is counted, until there is enough of it.

    Faults, each for its own item: `not_found` for what is no letter of this program.
    Keeps: of what the mail system says one line, without the address where it can be told. Of a
    message of a campaign it is counted with that campaign.
    """
    ids = [one.delivery_id for one in batch]
    found = await read.letters(tx, ids) | await campaigns.letters(tx, ids)
    bounces = [
        Bounce(address, member_id, kept_reason(one.reason), tx.now, one.kind)
        for one in batch
        if (letter := found.get(one.delivery_id)) is not None
        for member_id, address in [letter]
    ]
    back: dict[UUID, Back] = {
        one.delivery_id: "hard" for one in batch if one.kind == "hard" and one.delivery_id in found
    }
    await tx.write(returned.back(tx, back))
    fresh = iter(zip(bounces, await mark_addresses(tx, bounces), strict=True))
    outcomes: list[NoteOutcome] = []
    for one in batch:
        if one.delivery_id in found:
            bounce, is_fresh = next(fresh)
            outcomes.append(Marked(bounce.member_id, is_fresh))
        else:
            outcomes.append(NotFound("no letter of this program", field="/delivery_id"))
    return outcomes


async def confirm_addresses(
    tx: Tx, keyed: Keyed, batch: Sequence[ConfirmAddress]
) -> list[ConfirmOutcome]:
    """Each member's addresses and telephones are written to again, as far as it was left alone.

    Faults, each for its own item: `not_found` for whom nobody knows.
    """
    ids = sorted({one.member_id for one in batch})
    stands = await unions.aliases(tx, ids)
    whose = sorted({stands.get(one, one) for one in ids})
    here = await members.members(tx, whose)
    names = await members.identifiers_of(tx, whose)
    digests = {who: mail_digests(keyed, names.get(who, ())) for who in whose}
    marked = await read.some(tx, {one for some in digests.values() for one in some})
    outcomes: list[ConfirmOutcome] = []
    cleared: set[bytes] = set()
    done: list[Done] = []
    for one in batch:
        who = stands.get(one.member_id, one.member_id)
        if who not in here:
            outcomes.append(NotFound("there is no such member", field="/member_id"))
            continue
        mine = {address for address in digests[who] if address in marked} - cleared
        cleared |= mine
        if mine and one.by is not None:
            done.append(Done(one.by, "address.confirmed", "member", who.hex))
        outcomes.append(Confirmed(who, len(mine)))
    await tx.write([*write.clear(tx, cleared), *acted(tx, done)])
    return outcomes
