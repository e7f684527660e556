"""What flows about offers have in common: who may, what is said, and whether the program could give
an offer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx, Write
from regulars.engine.calendar import day_starts_at
from regulars.engine.checking.admission import admit
from regulars.engine.terms import Version
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.program import read as programs
from regulars.records.program.changes.offers.ruling import Unruly, published
from regulars.records.program.changes.offers.types import Access, How, Offer
from regulars.records.program.changes.offers.write import Giving
from regulars.records.program.parsing.editing import UneditableError
from regulars.records.program.problems import ProgramFault


async def ill_ruled(tx: Tx, one: Offer, version: Version) -> Fault | None:
    """Why the program as it was published last could not give it, at its field."""
    if isinstance(one.gives, Access):
        return _ill_access(one.gives, version)
    latest = (await programs.versions(tx))[-1]
    try:
        admit(published(latest.source, one, {one.known_as}))
    except Unruly as why:
        return Invalid(why.says, field=why.field, mend=why.mend)
    except ProgramFault as why:
        return Invalid(why.problems[0].says, field="/gives")
    except UneditableError as why:
        says = f"the program file can be changed by its author only: {why}"
        return Invalid(says, field="/gives")
    return None


def _ill_access(gives: Access, version: Version) -> Fault | None:
    benefit = version.benefits.get(gives.benefit)
    if benefit is None:
        return Invalid(f"there is no benefit {gives.benefit}", field="/gives/benefit")
    if benefit.associate is not None:
        says = "this benefit comes with a person; grant it to each member by itself"
        return Invalid(says, field="/gives/benefit")
    return None


def nothing(code: str) -> Fault:
    """There is no such offer."""
    return NotFound(f"there is no offer {code[:40]}", field="/code")


def not_so(there: Offer, says: str = "This is not its next step") -> Refused:
    """The offer is not where this step begins."""
    return Refused("offer_not_so", says, {"state": there.state, "version": there.version})


def noted(tx: Tx, by: By, did: str, now: Offer) -> Sequence[Write]:
    """What is written down of it."""
    after: dict[str, Any] = {"name": now.name, "version": str(now.version)}
    return acted(tx, [Done(by, did, "offer", now.code, before={}, after=after)])


async def may(tx: Tx, by: By, needed: Permission) -> bool:
    """Whether who asks may do this; a key may what its scopes let it."""
    if by.staff_id is None:
        return True
    who = await staff_read.one_staff(tx, by.staff_id)
    return who is not None and who.may(needed)


def giving_on(version: Version, one: Offer, today: date, how: How) -> Giving:
    """How an offer is given on this local day."""
    until_on = one.until_on(today)
    return Giving(how, today, until_on, day_starts_at(version.zone, until_on.toordinal()))
