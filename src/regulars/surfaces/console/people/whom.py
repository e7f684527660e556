"""The member an address of the console is about, with what a page says of them."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.show_standing import Standing, show_standing
from regulars.records.members import read
from regulars.records.members.types import Identifier, Member, nobody
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import name_of, tier_of


class Whom(Struct, frozen=True):
    """A member, the names they are found by, and where they stand."""

    member: Member
    names: list[Identifier]
    standing: Standing

    @property
    def name(self) -> str:
        """How they are called, else their number."""
        return name_of(self.member) or self.member.number

    @property
    def id(self) -> str:
        """As addresses name them."""
        return shown("mem", self.member.id)


async def whom(here: Here, member_id: str) -> Whom:
    """Who is at this address. Faults: UnknownMember, NotFound."""
    id_ = addressed("mem", member_id)
    return await here.read(lambda tx, terms: whom_of(tx, terms, id_))


async def whom_of(tx: Tx, terms: Terms, id_: UUID) -> Whom:
    """The same, in a transaction that is open."""
    found = (await read.members(tx, [id_])).get(id_)
    if found is None:
        raise nobody()
    names = (await read.identifiers_of(tx, [id_])).get(id_, [])
    return Whom(found, names, await show_standing(tx, terms, id_))


def tier_said(here: Here, one: Whom) -> dict[str, object] | None:
    """The step they stand on."""
    tier = one.standing.tier
    return tier_of(here, tier.id if tier else None)
