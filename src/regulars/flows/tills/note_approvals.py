"""A manager said yes at a till to what a cashier may not hand over alone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef


class NoteApproval(Struct, frozen=True):
    """Somebody typed their PIN for this reward of this member, at this till."""

    staff_id: UUID
    member: MemberRef
    reward: str
    till: str


class ApprovalNoted(Struct, frozen=True):
    """It stands in what was done."""

    member_id: UUID


async def note_approvals(
    tx: Tx, terms: Terms, batch: Sequence[NoteApproval]
) -> list[ApprovalNoted | Fault]:
    """Write down who said yes, to what, for whom; before it is handed over, so that none is lost.

    Keeps: one act for each time a PIN was typed, whether the reward could be had then or not.
    Faults: `unknown_member`.
    """
    country = terms.versions[-1].program.country
    whom = await members.whom(tx, country, [one.member for one in batch])
    done = [
        Done(
            By(one.staff_id),
            "redemption.approved",
            "member",
            f"mem_{who.hex}",
            after={"reward": one.reward, "till": one.till},
        )
        for one, who in zip(batch, whom, strict=True)
        if isinstance(who, UUID)
    ]
    await tx.write(acted(tx, done))
    return [who if isinstance(who, Fault) else ApprovalNoted(who) for who in whom]
