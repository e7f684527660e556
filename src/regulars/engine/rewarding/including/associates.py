"""Who of the shop looks after a member, where a benefit comes with somebody (semantics G2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from regulars.base.faults import Refused
from regulars.engine.calendar import add_span
from regulars.engine.deciding.benefit import not_entitled
from regulars.engine.state import MemberState
from regulars.engine.terms import Version
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import Staff
from regulars.records.benefits.types import Grant
from regulars.records.program.types import Benefit


def can_look_after(one: Staff, members: Iterable[UUID | None] = ()) -> bool:
    """Whether somebody may look after members: who serves at the till and is none of these."""
    mine = one.member_id is not None and one.member_id in set(members)
    return one.may(Permission.TILL_SERVE) and not mine


def fewest(
    staff: Iterable[Staff], has: Mapping[UUID, int], member_id: UUID, store: str
) -> Staff | None:
    """Whose turn it is to look after one more member.

    Order: an owner only where there is nobody else; who works in the member's store before who
    works everywhere, and both before all others; of these who looks after fewest; of two with as
    many the one with the lower id.
    Example: Mia has 3 members and works in the member's store, Bea has none and works in another:
    it is Mia.
    """

    def turn(one: Staff) -> tuple[bool, int, int, UUID]:
        return one.role == "owner", _far(one, store), has.get(one.staff_id, 0), one.staff_id

    return min((one for one in staff if can_look_after(one, [member_id])), key=turn, default=None)


def with_associates(version: Version, how: Literal["fewest"] | None = None) -> list[Benefit]:
    """The benefits that come with an associate; only those of whom one is chosen so."""
    return [
        one
        for one in version.program.benefits
        if one.associate is not None and how in (None, one.associate.chosen)
    ]


def no_right(
    version: Version, state: MemberState, benefit: str, granted: Sequence[Grant], now: datetime
) -> Refused | None:
    """Why a member does not have a benefit at this instant; nothing where they do.

    Assumes: a tier whose time is over by now was reviewed.
    Keeps: a grant whose uses are used up goes on until its time is over: who looks after somebody
    is not spent.
    """
    said = version.benefits.get(benefit)
    if said is None:
        return Refused("unknown_benefit", f"there is no benefit {benefit} in this program")
    if any(one.benefit == benefit and _runs(one, now) for one in granted):
        return None
    return next(not_entitled(version, state, said, now), None)


def ends_at(version: Version, benefit: str, now: datetime) -> datetime:
    """Until when an associate stays whose benefit is over now."""
    said = version.benefits.get(benefit)
    grace = None if said is None or said.associate is None else said.associate.grace
    return now if grace is None else add_span(version.zone, now, grace)


def _runs(one: Grant, now: datetime) -> bool:
    return one.from_at <= now and (one.until_at is None or now < one.until_at)


def _far(one: Staff, store: str) -> int:
    if one.stores is None:
        return 1
    return 0 if not store or store in one.stores else 2
