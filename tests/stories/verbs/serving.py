"""Who of the shop looks after members in a story."""

from __future__ import annotations

from tests.flows.members.staff.people import HOUSE, settles
from tests.flows.points.sharing import member_id
from tests.makers import Shop

from regulars.base.faults import Fault, Refused
from regulars.flows.access.commands import AddStaff, CloseStaff, UseLink
from regulars.flows.membership.benefits.commands import (
    AssignAssociate,
    EndAssociate,
    PassMembersOn,
)
from regulars.flows.membership.benefits.keep_associates import keep_associates, pass_members_on
from regulars.flows.membership.benefits.show_associates import show_associates
from regulars.records.access.staff.read import all_staff
from regulars.records.access.staff.types import Staff
from regulars.records.members.types import MemberRef


def works(shop: Shop, who: str, rest: str) -> str:
    """`works as cashier in mitte`: they work here from now on, in this store or in all."""
    role, _, store = rest.removeprefix("as ").partition(" in ")
    link = who.encode()
    stores = (store,) if store else None
    mail = f"{who.lower()}@shop.test"
    settles(shop, AddStaff(who, mail, role, link, HOUSE, stores))  # type: ignore[arg-type]
    settles(shop, UseLink(link, "$none$"))
    return "nothing"


def stops(shop: Shop, who: str, _: str) -> str:
    """`stops working`: nothing opens for them any more."""
    settles(shop, CloseStaff(_named(shop, who).staff_id, HOUSE))
    return "nothing"


def passes(shop: Shop, who: str, rest: str) -> str:
    """`passes members to Eva`, or `to the rule`: whomever they looked after."""
    to = None if rest == "the rule" else _named(shop, rest).staff_id
    wish = PassMembersOn(_named(shop, who).staff_id, HOUSE, to)
    (done,) = shop.ask(pass_members_on, wish)
    return f"{done.members} members"


def gets(shop: Shop, who: str, rest: str) -> str:
    """`is to be with Eva because of shopper`: somebody chose; `nobody` ends it."""
    name, _, benefit = rest.partition(" because of ")
    member = MemberRef(external=who.lower())
    wish = (
        EndAssociate(member, benefit, HOUSE)
        if name == "nobody"
        else AssignAssociate(member, benefit, HOUSE, _named(shop, name).staff_id)
    )
    (done,) = shop.ask(keep_associates, wish)
    return done.code if isinstance(done, Fault | Refused) else "nothing"


def with_whom(shop: Shop, who: str, benefit: str) -> str:
    """`is with shopper`: who looks after them because of it."""
    id_ = member_id(shop, who.lower())
    found = shop.do(lambda tx, terms: show_associates(tx, terms, id_))
    said = [one for one in found if one.benefit == benefit]
    return (
        ", ".join(f"{one.who.name}{'' if one.here else ', who left'}" for one in said) or "nobody"
    )


def _named(shop: Shop, name: str) -> Staff:
    (found,) = [one for one in shop.do(lambda tx, _: all_staff(tx)) if one.name == name]
    return found
