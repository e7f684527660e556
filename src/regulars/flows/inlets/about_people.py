"""What a shop says of a person, which books nothing: who they are there, or what they ask for.

What becomes of each is said at its event.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.inlets.forgetting import bodies_that_name
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.link_identifiers import link_identifiers
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.inlets import write
from regulars.records.inlets.catching import read as catching
from regulars.records.inlets.catching.write import end
from regulars.records.inlets.types import Arrival, Ended
from regulars.records.members import read as members
from regulars.records.members.erasure import read as erasures
from regulars.records.members.identify import normal_ref
from regulars.records.members.types import (
    Asked,
    EraseMember,
    Identifier,
    LinkIdentifiers,
    MemberRef,
)

What = Literal["named", "forget", "tells", "leaves"]
"""They have this name there; they are to be forgotten; they ask what is kept of them; the shop
itself leaves, and its keys go."""


class About(Struct, frozen=True):
    """What is said of whom."""

    what: What
    refs: tuple[MemberRef, ...] = ()
    """By what they may be found, in the order in which it is tried."""
    name: str = ""
    """Of who is named: by what they are known there."""
    shop: str = ""
    """Which shop it is about, where it says so: one that is not asked here is none of ours."""


async def about_people(
    tx: Tx, terms: Terms, told: Sequence[tuple[Arrival, About]]
) -> dict[UUID, Ended]:
    """By event, what became of what it says of a person.

    Order: one after the other, in the order they came, as one may be about who was erased by the
    one before.
    """
    return {arrival.arrival_id: await _one(tx, terms, arrival, about) for arrival, about in told}


async def _one(tx: Tx, terms: Terms, arrival: Arrival, about: About) -> Ended:
    country = terms.versions[-1].program.country
    if about.shop and not await _is_ours(tx, arrival.inlet_id, about.shop):
        return _passed(arrival, "elsewhere")
    if about.what == "leaves":
        by, inlet = By(words=f"inlet_{arrival.inlet_id.hex}"), arrival.inlet_id
        told = Done(by, "inlet.changed", "inlet", inlet.hex, {"host": about.shop}, {})
        await tx.write([*end(tx, inlet), *acted(tx, [told])])
        return _passed(arrival, "left")
    found = await members.whom(tx, country, about.refs)
    member_id = next((one for one in found if isinstance(one, UUID)), None)
    if about.what == "forget":
        return await _forget(tx, terms, arrival, (about.refs, member_id))
    if member_id is None:
        return _passed(arrival, "nobody")
    if about.what == "tells":
        return _passed(arrival, "answered") if arrival.tries else _asks(arrival)
    return await _named(tx, terms, arrival, (about.name, member_id))


async def _is_ours(tx: Tx, inlet_id: UUID, shop: str) -> bool:
    asked = await catching.one(tx, inlet_id)
    host = "" if asked is None else asked.address.partition("://")[2].partition("/")[0]
    return host.partition(":")[0].lower() == shop.lower()


async def _forget(
    tx: Tx, terms: Terms, arrival: Arrival, whom: tuple[Sequence[MemberRef], UUID | None]
) -> Ended:
    """Erase them, and what names them of whom nobody was known; this event, too."""
    refs, member_id = whom
    country = terms.versions[-1].program.country
    names = [said for ref in refs if (said := name_of(ref, country)) is not None]
    pairs = [(name.kind, name.value) for name in names]
    await tx.write(write.forget(tx, await bodies_that_name(tx, pairs), []))
    if member_id is None:
        return _passed(arrival, "nobody", forget=True)
    asked = Asked(f"inlet_{arrival.inlet_id.hex}")
    (outcome,) = await erase_members(tx, terms, [EraseMember(member_id, asked=asked)])
    if isinstance(outcome, Fault):
        return _refused(arrival, outcome)
    return _passed(arrival, "erased", forget=True)


async def _named(tx: Tx, terms: Terms, arrival: Arrival, whom: tuple[str, UUID]) -> Ended:
    """Whoever was found is known by their name there from now on, unless somebody else is."""
    name, member_id = whom
    country = terms.versions[-1].program.country
    wanted = Identifier("external", name)
    (before,) = await members.whom(tx, country, [MemberRef(external=name)])
    if isinstance(before, UUID):
        return _passed(arrival, "named" if before == member_id else "apart")
    if await erasures.listed(tx, [(wanted.kind, wanted.value)]):
        return _passed(arrival, "nobody")
    wish = LinkIdentifiers(MemberRef(id=member_id), link=(wanted,))
    (outcome,) = await link_identifiers(tx, country, [wish], terms)
    return _refused(arrival, outcome) if isinstance(outcome, Fault) else _linked(arrival, outcome)


def _linked(arrival: Arrival, outcome: object) -> Ended:
    if isinstance(outcome, Refused):
        return Ended(arrival.arrival_id, "refused", outcome.code, "", outcome.says)
    return _passed(arrival, "named")


_SAYS: Final[Mapping[str, str]] = {
    "elsewhere": "it is about a shop that is not asked here",
    "left": "the shop is asked no more, and its keys are deleted",
    "nobody": "nobody here is known by these names",
    "answered": "somebody looked at it",
    "erased": "this member was erased",
    "named": "this member is known by their name there",
    "apart": "two members are known by these names, and stay two",
}


def _passed(arrival: Arrival, code: str, *, forget: bool = False) -> Ended:
    return Ended(arrival.arrival_id, "passed", code, "", _SAYS[code], forget=forget)


def _asks(arrival: Arrival) -> Ended:
    """Kept open until somebody of the shop saw to it: no machine sends what is kept of a person."""
    mend = "Export their data on the member's page, send it to them, and look at this again"
    says = "this customer asks what is kept of them"
    return Ended(arrival.arrival_id, "refused", "asks_for_data", "customer", says, mend)


def _refused(arrival: Arrival, fault: Fault) -> Ended:
    mend = str(fault.facts.get("mend", ""))
    return Ended(arrival.arrival_id, "refused", fault.code, fault.field, fault.says, mend)


def name_of(ref: MemberRef, country: str | None) -> Identifier | None:
    """How it is kept; nothing of what is no such name."""
    try:
        said = normal_ref(ref, country)
    except Fault:
        return None
    return said if isinstance(said, Identifier) else None
