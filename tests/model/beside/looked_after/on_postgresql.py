"""The flows by which somebody of the shop looks after members, on PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.flows.members.staff.people import HOUSE
from tests.flows.members.staff.people import hires as hired
from tests.model.beside.looked_after.events import (
    Assigns,
    Follows,
    Hires,
    Leaves,
    LetsGo,
    PassesOn,
)
from tests.model.commands import member
from tests.model.events import Answer

from regulars.base.faults import Fault, Refused
from regulars.flows.access.commands import CloseStaff
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.membership.benefits.commands import (
    AssignAssociate,
    EndAssociate,
    PassMembersOn,
)
from regulars.flows.membership.benefits.follow_associates import follow_associates
from regulars.flows.membership.benefits.keep_associates import keep_associates, pass_members_on

if TYPE_CHECKING:
    from tests.model.on_postgresql import OnPostgreSQL

ALL = 500
NOBODY = UUID(int=0)
_TABLE = """
select coalesce(l.into_id, a.member_id), a.benefit, a.staff_id, a.ended_at is not null
  from benefit_associate a
  left join member_alias l on l.program_id = a.program_id and l.member_id = a.member_id
 where a.program_id = $1 and (a.ended_at is null or a.ended_at > $2)
"""


def _table(driver: OnPostgreSQL) -> tuple[tuple[str, int], ...]:
    names = {id_: name for name, id_ in driver.ids.items()}
    clerks = {id_: name for name, id_ in driver.clerks.items()}
    found = Counter(
        f"{names[who]} {benefit} {clerks[staff]} {ends}"
        for who, benefit, staff, ends in driver.shop.rows(_TABLE, driver.shop.now)
    )
    return tuple(sorted(found.items()))


def hires(driver: OnPostgreSQL, event: Hires) -> Answer:
    mail = f"{event.name}-{driver.slug}@shop.test"
    one = hired(driver.shop, event.role, email=mail, stores=event.stores)
    driver.clerks[event.name] = one.staff_id
    return Answer("hired")


def leaves(driver: OnPostgreSQL, event: Leaves) -> Answer:
    (told,) = driver.shop.ask(keep_staff, CloseStaff(driver.clerks[event.name], HOUSE))
    if isinstance(told, Fault | Refused):
        return Answer(told.code)
    return Answer("left", _table(driver))


def keeps(driver: OnPostgreSQL, event: Assigns | LetsGo) -> Answer:
    whom, shop = member(event.who), driver.shop
    assert whom is not None, event
    if isinstance(event, Assigns):
        staff = driver.clerks.get(event.staff, NOBODY) if event.staff else None
        wish: Any = AssignAssociate(whom, event.benefit, HOUSE, staff)
    else:
        wish = EndAssociate(whom, event.benefit, HOUSE)
    (told,) = shop.ask(keep_associates, wish)
    if isinstance(told, Fault | Refused):
        return Answer(told.code)
    done = "assigned" if isinstance(event, Assigns) else "let go"
    return Answer(done if told.changed else "as it was", _table(driver))


def passes_on(driver: OnPostgreSQL, event: PassesOn) -> Answer:
    to = driver.clerks.get(event.to, NOBODY) if event.to else None
    wish = PassMembersOn(driver.clerks.get(event.staff, NOBODY), HOUSE, to)
    (told,) = driver.shop.ask(pass_members_on, wish)
    if isinstance(told, Fault | Refused):
        return Answer(told.code)
    counted = (("members", told.members), ("left", told.left))
    return Answer("passed on", (*counted, *_table(driver)))


def follows(driver: OnPostgreSQL, _: Follows) -> Answer:
    driver.shop.do(lambda tx, terms: follow_associates(tx, terms, ALL))
    return Answer("followed", _table(driver))


CARE: dict[type, Callable[[Any, Any], Answer]] = {
    Hires: hires, Leaves: leaves, Assigns: keeps, LetsGo: keeps, PassesOn: passes_on,
    Follows: follows,
}  # fmt: skip
