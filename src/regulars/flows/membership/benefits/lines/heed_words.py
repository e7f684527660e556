"""Somebody says that what a member wrote needs no answer."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.faults import Forbidden
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.benefits.lines.commands import HeedOutcome, HeedWords
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.benefits.lines import write
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.members.unions import read as unions


async def heed_words(tx: Tx, _: Terms, batch: Sequence[HeedWords]) -> list[HeedOutcome]:
    """What each of these members wrote so far stands before nobody any more; it stays in the line.

    Order: as sent; said again it changes nothing. Faults, each for its own item: `forbidden` for
    who does not keep members, `unknown_member`.
    """
    return [await _one(tx, one) for one in batch]


async def _one(tx: Tx, one: HeedWords) -> HeedOutcome:
    staff = await staff_read.one_staff(tx, one.staff_id)
    if staff is None or not staff.may(Permission.MEMBERS_WRITE):
        return Forbidden("whoever keeps members says that there is nothing to answer")
    who = (await unions.aliases(tx, [one.member_id])).get(one.member_id, one.member_id)
    await members.lock(tx, [who])
    if who not in await members.members(tx, [who]):
        return nobody()
    done = Done(By(one.staff_id), "member.words_heeded", "member", who.hex)
    await tx.write([*write.heed(tx, who), *acted(tx, [done])])
    return None
