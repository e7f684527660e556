"""Nobody of the shop credits or redeems for themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking
from regulars.records.access.staff.read import some_staff
from regulars.records.access.staff.types import Staff, staff_of
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef

_NONE: Final[frozenset[UUID]] = frozenset()


async def refuse_own(
    tx: Tx, terms: Terms, items: Sequence[Asking[Any]], owners: Mapping[int, UUID]
) -> None:
    """Refuse what somebody of the shop asks for their own membership (`own_membership`).

    Also where a key asks and names them as who does it.
    Keeps: where no staff ask, nothing is looked up, so tills with a key pay nothing for it.
    """
    asking = {
        item.place: who
        for item in items
        if item.open and item.place in owners and (who := acting(item.command))
    }
    if not asking:
        return
    found = await some_staff(tx, {one for who in asking.values() for one in who})
    own = await own_memberships(tx, terms, found.values())
    stands = await _stand_as(tx, terms, {owners[place] for place in asking})
    for item in items:
        who = asking.get(item.place, frozenset())
        if any(stands.get(owners[item.place]) in own.get(one, ()) for one in who):
            item.outcome = own_membership()


def acting(command: Any) -> frozenset[UUID]:
    """Who of the shop does this: who asks, and whom a key names as who does it."""
    if not (command.asked.principal or getattr(command, "actor", "")):  # as of all brought over
        return _NONE
    asks, does = staff_of(command.asked.principal), staff_of(getattr(command, "actor", ""))
    if asks is None and does is None:
        return _NONE
    return frozenset(one for one in (asks, does) if one is not None)


async def own_memberships(
    tx: Tx, terms: Terms, staff: Iterable[Staff]
) -> dict[UUID, frozenset[UUID]]:
    """The members that these people are themselves: as they told, and by their address.

    Keeps: who was merged is looked for as whom they stand under now.
    """
    refs = [(one.staff_id, MemberRef(id=one.member_id)) for one in staff if one.member_id]
    refs += [(one.staff_id, MemberRef(email=one.email)) for one in staff if one.email]
    whom = await members.whom(tx, _country(terms), [ref for _, ref in refs])
    own: dict[UUID, set[UUID]] = {}
    for (staff_id, _), member_id in zip(refs, whom, strict=True):
        if not isinstance(member_id, Fault):
            own.setdefault(staff_id, set()).add(member_id)
    return {staff_id: frozenset(ids) for staff_id, ids in own.items()}


def own_membership() -> Refused:
    """What somebody is told who acts for themselves."""
    return Refused(
        "own_membership",
        "nobody who works here credits or redeems for themselves; ask a colleague",
    )


async def _stand_as(tx: Tx, terms: Terms, ids: set[UUID]) -> dict[UUID, UUID]:
    """Each member as whom they stand now; unknown ids are left out."""
    named = sorted(ids)
    whom = await members.whom(tx, _country(terms), [MemberRef(id=one) for one in named])
    return {one: at for one, at in zip(named, whom, strict=True) if isinstance(at, UUID)}


def _country(terms: Terms) -> str | None:
    return terms.versions[-1].program.country
