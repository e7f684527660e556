"""Who of the shop looks after members: chosen for one of them, ended, passed on to others."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response
from msgspec import Struct

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.rewarding.including.associates import can_look_after, with_associates
from regulars.engine.terms import Terms
from regulars.flows.membership.benefits.commands import (
    AssignAssociate,
    EndAssociate,
    PassMembersOn,
)
from regulars.flows.membership.benefits.keep_associates import keep_associates, pass_members_on
from regulars.flows.membership.benefits.show_associates import (
    LookedAfter,
    Looks,
    show_associates,
    show_looks,
)
from regulars.records.access.staff.types import By, staff_of
from regulars.records.benefits.associates import read
from regulars.records.members import read as people
from regulars.records.members.types import Member, MemberRef, nobody
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import name_of

PATH: Final = "/console/associates"
SHOWN: Final = 200
"""So many members of one person stand on a page."""


class Told(Struct, frozen=True):
    """What a member's page says: who looks after them, and who could."""

    member: Member
    mine: list[LookedAfter]
    looks: list[Looks]


async def of_member(here: Here, member_id: str, *, wrong: str = "") -> Response[str]:
    """Who looks after a member, of each benefit, and who could instead. Faults: UnknownMember."""
    id_ = addressed("mem", member_id)

    async def look(tx: Tx, terms: Terms) -> Told:
        member = (await people.members(tx, [id_])).get(id_)
        if member is None:
            raise nobody()
        return Told(member, await show_associates(tx, terms, id_), await show_looks(tx))

    told = await here.read(look)
    names = {one.id: one.name for one in here.version.program.benefits}
    there = {one.benefit: one for one in told.mine}
    ids = list(dict.fromkeys([*(one.id for one in with_associates(here.version)), *there]))
    return here.page(
        "offers/associate.html",
        status=422 if wrong else 200,
        id=member_id,
        name=name_of(told.member) or told.member.number,
        open=told.member.state not in ("erased", "merged"),
        lines=[(one, names.get(one, one), there.get(one)) for one in ids],
        choices=_choices(here, [one for one in told.looks if can_look_after(one.who, [id_])]),
        wrong={"staff": wrong} if wrong else {},
    )


async def keep(here: Here, form: Form) -> Response[Any]:
    """Say who looks after a member because of a benefit, or that nobody does."""
    member_id, benefit = str(form.path["member_id"]), form.get("benefit")
    ref = MemberRef(id=addressed("mem", member_id))
    command: AssignAssociate | EndAssociate = AssignAssociate(
        ref, benefit, _by(here), staff_of(form.get("staff"))
    )
    if form.get("do") == "end":
        command = EndAssociate(ref, benefit, _by(here))
    slip = await _slip(here, keep_associates, command)
    if slip:
        return await of_member(here, member_id, wrong=slip)
    return redirect(f"/console/members/{member_id}/associates")


async def everybody(here: Here, *, wrong: str = "") -> Response[str]:
    """Who looks after how many members; of one person also whom."""
    chosen = staff_of(here.query.get("of", ""))
    async with here.transaction as tx:
        looks = await show_looks(tx)
        found = await read.members_of(tx, chosen, SHOWN) if chosen else []
        who = await people.members(tx, found)
    return here.page(
        "offers/associates.html",
        status=422 if wrong else 200,
        left=[one for one in looks if not one.here],
        looks=[one for one in looks if one.here],
        choices=_choices(here, [one for one in looks if one.here]),
        chosen=next((one.who for one in looks if one.who.staff_id == chosen), None),
        members=[(shown("mem", id_), name_of(who[id_]) or who[id_].number) for id_ in found],
        any=bool(with_associates(here.version)),
        wrong={"staff": wrong} if wrong else {},
    )


async def pass_on(here: Here, form: Form) -> Response[Any]:
    """Whoever somebody looked after is looked after by others."""
    id_ = staff_of(f"staff_{form.path['staff_id']}")
    if id_ is None:
        raise NotFound("there is nothing at this address")
    command = PassMembersOn(id_, _by(here), staff_of(form.get("staff")))
    slip = await _slip(here, pass_members_on, command)
    return await everybody(here, wrong=slip) if slip else redirect(PATH)


def _by(here: Here) -> By:
    return By(here.staff.staff_id, address=here.address)


async def _slip(here: Here, flow: Any, command: Any) -> str:
    try:
        outcome: Refused | Fault | Any = await here.do(flow, command)
    except Invalid as wrong:
        outcome = wrong
    return here.told(outcome) if isinstance(outcome, Refused | Invalid) else ""


def _choices(here: Here, looks: list[Looks]) -> list[tuple[str, str]]:
    """Who can be chosen, with how many members each has; first the rule."""
    number = here.reader.number
    named = [(one.who.principal, f"{one.who.name} ({number(one.members)})") for one in looks]
    return [("", here.reader.say("Whoever has fewest members")), *named]
