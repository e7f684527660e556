"""Who of the shop looks after a member, and whose members wait for somebody else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.engine.rewarding.including.associates import can_look_after, with_associates
from regulars.engine.terms import Terms
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.types import Staff
from regulars.records.benefits.associates import read
from regulars.records.benefits.associates.types import How


class LookedAfter(Struct, frozen=True):
    """Because of this benefit somebody looks after the member."""

    benefit: str
    who: Staff
    here: bool
    """They work here and can look after members; else another one is to be chosen."""
    how: How
    since: datetime
    until: datetime | None
    """The end of the grace of a benefit that is over; nothing while they have it."""


class Looks(Struct, frozen=True):
    """Somebody of the shop, and how many members they look after."""

    who: Staff
    members: int
    here: bool


async def show_associates(tx: Tx, terms: Terms, member_id: UUID) -> list[LookedAfter]:
    """Who looks after a member now, of each benefit one; their own before what came by a merge."""
    if not any(with_associates(version) for version in terms.versions):
        return []
    mine = (await read.of(tx, [member_id])).get(member_id, [])
    lasting = [one for one in mine if one.lasts(tx.now)]
    staff = await staff_read.some_staff(tx, [one.staff_id for one in lasting])
    found: dict[str, LookedAfter] = {}
    for one in lasting:
        who = staff[one.staff_id]
        here = can_look_after(who)
        shown = LookedAfter(one.benefit, who, here, one.how, one.begun_at, one.ended_at)
        found.setdefault(one.benefit, shown)
    return list(found.values())


async def show_looks(tx: Tx) -> list[Looks]:
    """Everybody who looks after members or could: who left and still has some first, then who has
    fewest."""
    counted = await read.counted(tx)
    found = [
        Looks(one, counted.get(one.staff_id, 0), can_look_after(one))
        for one in await staff_read.all_staff(tx)
        if one.staff_id in counted or can_look_after(one)
    ]
    return sorted(found, key=lambda one: (one.here, one.members, one.who.staff_id))
