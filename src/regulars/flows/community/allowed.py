"""Who may, and what there is: what several flows of the community ask first."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound, Refused
from regulars.base.languages import language_of
from regulars.base.tx import Tx
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.community.texts import Wrong
from regulars.records.members.types import blocked_refused, erased_refused
from regulars.records.tills import read as tills


async def forbidden(tx: Tx, by: By, needed: Permission) -> Fault | None:
    """The fault of whoever may not; a key has its scopes instead."""
    if by.staff_id is None:
        return None
    who = await staff.one_staff(tx, by.staff_id)
    if who is not None and who.may(needed):
        return None
    return Forbidden("your role does not do this; ask an owner")


async def unknown_place(
    tx: Tx, terms: Terms, new: tuple[str, Sequence[str]], had: tuple[str, Sequence[str]]
) -> Wrong | None:
    """A store or a tier that the program does not have; what it had before stays."""
    store, tiers = new
    if store and store != had[0] and store not in await tills.stores(tx):
        return Wrong("/store", "There is no store of this code")
    ladder = terms.at(tx.now).program.tiers
    known = {one.id for one in ladder.steps} if ladder is not None else set()
    if not set(tiers) <= known.union(had[1]):
        return Wrong("/tiers", "The ladder in force has no tier of this name")
    return None


def own_language(tx: Tx, terms: Terms) -> str:
    """The language in which everything is written."""
    return language_of(terms.at(tx.now).program.locale)


def barred(state: MemberState) -> Refused | None:
    """Why somebody takes part in nothing; nothing where they may."""
    if state.state == "erased":
        return erased_refused()
    return blocked_refused() if state.state == "blocked" else None


def wrong(found: Wrong | None) -> Fault | None:
    """What is ill planned, as its sender is told."""
    return None if found is None else Invalid(found.says, field=found.place)


def no_club(code: str) -> Fault:
    """There is no such club."""
    return NotFound(f"there is no club {code[:40]}", field="/club")


def no_lesson(code: str) -> Fault:
    """There is no such lesson."""
    return NotFound(f"there is no lesson {code[:40]}", field="/lesson")


def no_gathering(code: str) -> Fault:
    """There is no such gathering."""
    return NotFound(f"there is no gathering {code[:40]}", field="/gathering")
