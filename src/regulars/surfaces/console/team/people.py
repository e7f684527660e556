"""Staff: taken on by a link, given roles and stores, closed."""

from __future__ import annotations

from typing import Any, Final, get_args
from uuid import UUID

from litestar import Response
from msgspec import UNSET, Struct

from regulars.base.faults import Fault, NotFound, Refused
from regulars.flows.access.commands import AddStaff, ChangeStaff, CloseStaff, MakeLink
from regulars.flows.access.keep_staff import keep_staff
from regulars.records.access.staff import read
from regulars.records.access.staff.permissions import Role, may_keep
from regulars.records.access.staff.tokens import SECRET_BYTES, make_token, token_hash
from regulars.records.access.staff.types import Staff
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import ROLES

ROLE_NAMES: Final[tuple[Role, ...]] = get_args(Role)


class Typed(Struct, frozen=True):
    """What stands in the form about somebody."""

    name: str = ""
    email: str = ""
    role: str = "cashier"
    stores: str = ""

    @property
    def store_list(self) -> tuple[str, ...] | None:
        """The stores that were named; nothing means every one."""
        named = tuple(part.strip() for part in self.stores.split(",") if part.strip())
        return named or None


async def team(here: Here, link: str = "", for_whom: str = "") -> Response[str]:
    """Everybody who works here; a fresh link is shown once."""
    async with here.transaction as tx:
        found = await read.all_staff(tx)
    return here.page(
        "team/team.html",
        staff=[one for one in found if one.state != "closed"],
        gone=[one for one in found if one.state == "closed"],
        link=link,
        for_whom=for_whom,
        keeps=any(may_keep(here.staff.role, role) for role in ROLE_NAMES),
    )


async def add_form(here: Here, typed: Typed | None = None, wrong: Any = None) -> Response[str]:
    """Asks who it is and what they may do."""
    roles = [(one, here.reader.say(ROLES[one])) for one in _roles(here)]
    return here.page(
        "team/add.html",
        status=422 if wrong else 200,
        typed=typed or Typed(),
        wrong=wrong or {},
        roles=roles,
    )


async def add(here: Here, form: Form) -> Response[Any]:
    """Somebody works here from now on; the link by which they set a password is shown once."""
    typed = Typed(*(form.get(name) for name in Typed.__struct_fields__))
    if typed.role not in _roles(here):
        wrong = {"role": here.reader.say("Choose what they are to do here")}
        return await add_form(here, typed, wrong)
    link = make_token(here.terms.program_id, here.given.random_bytes(SECRET_BYTES))
    wish = AddStaff(
        typed.name.strip(),
        typed.email.strip(),
        typed.role,
        token_hash(link),
        here.by,
        typed.store_list,
        here.asked(),
    )
    try:
        outcome = await here.do(keep_staff, wish)
    except Fault as fault:
        return await add_form(here, typed, {fault.field.lstrip("/"): here.told(fault)})
    if isinstance(outcome, Refused):
        return await add_form(here, typed, {"email": here.told(outcome)})
    return await team(here, _address(link), typed.name)


async def one(here: Here, staff_id: str, wrong: Any = None) -> Response[str]:
    """Somebody's page: what they may, where, and what they did lately. Faults: NotFound."""
    async with here.transaction as tx:
        found = await _there(tx, staff_id)
        acts = await read.acts(tx, read.Wanted(staff_id=found.staff_id, limit=20))
    return here.page(
        "team/one.html",
        status=422 if wrong else 200,
        one=found,
        acts=acts,
        wrong=wrong or {},
        stores=", ".join(found.stores or ()),
        roles=[(name, here.reader.say(ROLES[name])) for name in _roles(here)],
        keeps=may_keep(here.staff.role, found.role),
        is_me=found.staff_id == here.staff.staff_id,
    )


async def change(here: Here, form: Form) -> Response[Any]:
    """Another name, role or stores; closed; or a fresh link for a password."""
    staff_id = str(form.path["staff_id"])
    async with here.transaction as tx:
        found = await _there(tx, staff_id)
    if form.get("link"):
        link = make_token(here.terms.program_id, here.given.random_bytes(SECRET_BYTES))
        await here.do(keep_staff, MakeLink(found.staff_id, token_hash(link), here.by, here.asked()))
        return await team(here, _address(link), found.name)
    wish: CloseStaff | ChangeStaff
    if form.get("close"):
        wish = CloseStaff(found.staff_id, here.by, here.asked())
    else:
        wish = _changed(found, form, here)
    try:
        outcome = await here.do(keep_staff, wish)
    except Fault as fault:
        return await one(here, staff_id, {fault.field.lstrip("/"): here.told(fault)})
    if isinstance(outcome, Refused):
        return await one(here, staff_id, {"": here.told(outcome)})
    return redirect("/console/team")


def _changed(found: Staff, form: Form, here: Here) -> ChangeStaff:
    typed = Typed(form.get("name"), found.email, form.get("role"), form.get("stores"))
    return ChangeStaff(
        found.staff_id,
        here.by,
        name=typed.name.strip() if typed.name.strip() != found.name else UNSET,
        role=typed.role if typed.role in _roles(here) else UNSET,
        stores=typed.store_list if typed.store_list != found.stores else UNSET,
        asked=here.asked(),
    )


async def acts(here: Here) -> Response[str]:
    """What staff did, newest first."""
    before = here.query.get("before", "")
    wanted = read.Wanted(did=here.query.get("did", ""), before=_uuid(before) if before else None)
    async with here.transaction as tx:
        found = await read.acts(tx, wanted)
        people = await read.some_staff(tx, {one.staff_id for one in found if one.staff_id})
    following = f"/console/audit?before={found[-1].act_id.hex}" if len(found) == 50 else ""
    return here.page(
        "team/acts.html",
        acts=[(one, people.get(one.staff_id) if one.staff_id else None) for one in found],
        first="/console/audit" if before else "",
        following=following,
    )


def _roles(here: Here) -> list[Role]:
    """The roles they may give."""
    return [role for role in ROLE_NAMES if may_keep(here.staff.role, role)]


async def _there(tx: Any, staff_id: str) -> Staff:
    found = await read.one_staff(tx, _uuid(staff_id))
    if found is None:
        raise NotFound("nobody of this shop is at this address")
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(hex=text)
    except ValueError:
        raise NotFound("there is nothing at this address") from None


def _address(link: str) -> str:
    return f"/console/welcome/{link}"
