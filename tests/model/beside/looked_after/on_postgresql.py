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
    BringsCount,
    BringsTier,
    Follows,
    Hires,
    Leaves,
    LetsGo,
    MovesOver,
    PassesOn,
)
from tests.model.commands import member
from tests.model.events import Answer

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.engine.calendar import local, period_of
from regulars.engine.terms import Terms
from regulars.flows.access.commands import CloseStaff
from regulars.flows.access.keep_staff import keep_staff
from regulars.flows.commands import History
from regulars.flows.importing.bring_tiers import bring_tiers
from regulars.flows.importing.commands import BringTier, OpenCount
from regulars.flows.importing.open_counts import open_counts
from regulars.flows.membership.benefits.commands import (
    AssignAssociate,
    EndAssociate,
    PassMembersOn,
)
from regulars.flows.membership.benefits.follow_associates import follow_associates
from regulars.flows.membership.benefits.keep_associates import keep_associates, pass_members_on
from regulars.records.imports import write as imports
from regulars.records.imports.types import Import

if TYPE_CHECKING:
    from tests.model.on_postgresql import OnPostgreSQL

ALL = 500
NOBODY = UUID(int=0)
_TIER = "select tier from standing where program_id = $1 and member_id = $2"
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


def brings(driver: OnPostgreSQL, event: BringsTier | BringsCount) -> Answer:
    """One line of a file, in an import of its own."""
    shop, import_id, whom = driver.shop, driver.shop.database.ids.new_id(), member(event.who)
    assert whom is not None, event

    async def bring(tx: Tx, terms: Terms) -> Any:
        await tx.write(
            imports.begin(tx, Import(import_id, import_id.bytes * 2, "", "", {}, tx.now))
        )
        history = History(import_id)
        if isinstance(event, BringsTier):
            line = BringTier(whom, event.tier, event.since, event.until, event.by_rule)
            told: Any = await bring_tiers(tx, terms, [line], history)
        else:
            there = local(terms.at(tx.now).zone, event.at).day
            counter = f"benefit:{event.benefit}:month"
            count = OpenCount(counter, period_of("month", there), event.times, whom)
            told = await open_counts(tx, terms, [count], history)
        await tx.write(imports.end(tx, import_id))
        return told[0]

    told = shop.do(bring)
    if isinstance(told, Fault | Refused):
        return Answer(told.code)
    if told.replayed or isinstance(event, BringsCount):
        return Answer("brought before" if told.replayed else "brought")
    ((stands,),) = shop.rows(_TIER, told.member_id)
    return Answer("brought", tier=stands)


def moves_over(driver: OnPostgreSQL, _: MovesOver) -> Answer:
    driver.shop.night("move_over", "review_tiers", most=1)
    return Answer("moved over")


CARE: dict[type, Callable[[Any, Any], Answer]] = {
    Hires: hires, Leaves: leaves, Assigns: keeps, LetsGo: keeps, PassesOn: passes_on,
    Follows: follows, BringsTier: brings, BringsCount: brings, MovesOver: moves_over,
}  # fmt: skip
