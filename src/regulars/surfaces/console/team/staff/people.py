"""Staff: taken on by a link, given roles and stores, closed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, cast, get_args
from uuid import UUID

from litestar import Response
from msgspec import UNSET, Struct

from regulars.base.faults import Fault, NotFound, Refused
from regulars.flows.access.commands import AddStaff, ChangeStaff, CloseStaff, MakeLink
from regulars.flows.access.keep_staff import keep_staff
from regulars.records.access.read import some_keys
from regulars.records.access.staff import read
from regulars.records.access.staff.permissions import Role, may_keep
from regulars.records.access.staff.tokens import SECRET_BYTES, make_token, token_hash
from regulars.records.access.staff.types import Act, Staff
from regulars.records.access.types import ApiKey
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.deed_words import DID, did
from regulars.surfaces.console.team.meanwhile import Seen, Sides, crossing, seen
from regulars.surfaces.console.team.saying.deeds import about_of, changes
from regulars.surfaces.console.team.staff.me import end_passkey_of, named
from regulars.surfaces.console.team.staff.places import (
    EVERY,
    EVERYWHERE,
    Where,
    places_for,
    said_where,
    where_of,
)
from regulars.surfaces.console.words import ROLES

SHOWN: Final = 50
"""So many acts stand on a page."""
ROLE_NAMES: Final[tuple[Role, ...]] = get_args(Role)


class Typed(Struct, frozen=True):
    """What stands in the form about somebody."""

    name: str = ""
    email: str = ""
    role: str = "cashier"
    where: Where = Where()

    @classmethod
    def of(cls, form: Form) -> Typed:
        """What was typed and ticked."""
        name, email, role = (form.get(one).strip() for one in ("name", "email", "role"))
        return cls(name, email, role, where_of(form))


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
    async with here.transaction as tx:
        places = await places_for(tx, here)
    typed = typed or Typed(where=places.proposed)
    return here.page(
        "team/add.html",
        status=422 if wrong else 200,
        typed=typed,
        offered=places,
        ticked=typed.where,
        wrong=wrong or {},
        roles=roles,
    )


async def add(here: Here, form: Form) -> Response[Any]:
    """Somebody works here from now on; the link by which they set a password is shown once."""
    typed = Typed.of(form)
    async with here.transaction as tx:
        ill = (await places_for(tx, here)).wrong(typed.where)
    if ill:
        return await add_form(here, typed, {"stores": here.reader.say(ill)})
    if typed.role not in _roles(here):
        wrong = {"role": here.reader.say("Choose what they are to do here")}
        return await add_form(here, typed, wrong)
    link = make_token(here.terms.program_id, here.given.random_bytes(SECRET_BYTES))
    wish = AddStaff(
        typed.name,
        typed.email,
        typed.role,
        token_hash(link),
        here.by,
        typed.where.stores,
        here.asked(),
    )
    try:
        outcome = await here.do(keep_staff, wish)
    except Fault as fault:
        return await add_form(here, typed, {fault.field.lstrip("/"): here.told(fault)})
    if isinstance(outcome, Refused):
        return await add_form(here, typed, {"email": here.told(outcome)})
    return await team(here, _address(link), typed.name)


async def one(
    here: Here,
    staff_id: str,
    wrong: Any = None,
    typed: Typed | None = None,
    *,
    status: int = 422,
) -> Response[str]:
    """Somebody's page: what they may, where, and what they did lately. Faults: NotFound."""
    async with here.transaction as tx:
        found = await _there(tx, staff_id)
        acts = await read.acts(tx, read.Wanted(staff_id=found.staff_id, limit=20))
        keys = await read.passkeys_of(tx, found.staff_id)
        places = await places_for(tx, here, found.stores)
    keeps = may_keep(here.staff.role, found.role)
    is_me = found.staff_id == here.staff.staff_id
    return here.page(
        "team/one.html",
        status=status if wrong else 200,
        one=found,
        typed=typed or Typed(found.name, found.email, found.role, Where(found.stores)),
        offered=places,
        ticked=typed.where if typed else Where(found.stores),
        was=said_where(found.stores),
        acts=[(one, did(here.reader, one)) for one in acts],
        wrong=wrong or {},
        roles=[(name, here.reader.say(ROLES[name])) for name in _roles(here)],
        keeps=keeps,
        is_me=is_me,
        passkeys=[named(key) for key in keys] if keeps and not is_me else [],
    )


async def change(here: Here, form: Form) -> Response[Any]:
    """Another name, role or stores; closed; a fresh link for a password; a passkey less."""
    staff_id = str(form.path["staff_id"])
    async with here.transaction as tx:
        found = await _there(tx, staff_id)
    if form.get("link"):
        link = make_token(here.terms.program_id, here.given.random_bytes(SECRET_BYTES))
        await here.do(keep_staff, MakeLink(found.staff_id, token_hash(link), here.by, here.asked()))
        return await team(here, _address(link), found.name)
    if form.get("passkey"):
        await end_passkey_of(here, found.staff_id, form.get("passkey"))
        return redirect(f"/console/team/{staff_id}")
    wish: CloseStaff | ChangeStaff
    if form.get("close"):
        wish = CloseStaff(found.staff_id, here.by, here.asked())
    else:
        typed = Typed.of(form)
        async with here.transaction as tx:
            ill = (await places_for(tx, here, found.stores)).wrong(typed.where)
        told = _sides(found, form, typed)
        crossed = _crossed(here, told)
        if ill or crossed:
            left = _left(found, typed, told)
            wrong = crossed | ({"stores": here.reader.say(ill)} if ill else {})
            return await one(here, staff_id, wrong, left, status=409 if crossed else 422)
        wish = _changed(found, typed, told, here)
    try:
        outcome = await here.do(keep_staff, wish)
    except Fault as fault:
        return await one(here, staff_id, {fault.field.lstrip("/"): here.told(fault)})
    if isinstance(outcome, Refused):
        return await one(here, staff_id, {"": here.told(outcome)})
    return redirect("/console/team")


def _sides(found: Staff, form: Form, typed: Typed) -> dict[str, Seen]:
    """Each field as it was left, as it was shown, and as it is now."""
    mine = {"name": typed.name, "role": typed.role, "stores": said_where(typed.where.stores)}
    now = {"name": found.name, "role": found.role, "stores": said_where(found.stores)}
    return {field: seen(form, field, Sides(mine[field], now[field])) for field in mine}


def _crossed(here: Here, told: dict[str, Seen]) -> dict[str, str]:
    """What is said at each field that a colleague changed meanwhile, too."""
    say = here.reader.say
    wrong = {}
    for field, each in told.items():
        if not each.crossed:
            continue
        sides = Sides(each.mine, each.now)
        if field == "role":
            sides = Sides(*(say(ROLES[one]) if one in ROLES else one for one in sides))
        elif field == "stores":
            sides = Sides(*(say(EVERYWHERE) if one == EVERY else one for one in sides))
        wrong[field] = crossing(here, sides)
    return wrong


def _left(found: Staff, typed: Typed, told: dict[str, Seen]) -> Typed:
    """The form as its page goes on showing it: a colleague's where this person changed nothing."""
    where = Where(found.stores) if told["stores"].left != told["stores"].mine else typed.where
    return Typed(told["name"].left, found.email, told["role"].left, where)


def _changed(found: Staff, typed: Typed, told: dict[str, Seen], here: Here) -> ChangeStaff:
    """What they changed themselves, and nothing else."""
    role = told["role"].wished and typed.role in _roles(here)
    return ChangeStaff(
        found.staff_id,
        here.by,
        name=typed.name if told["name"].wished else UNSET,
        role=cast("Role", typed.role) if role else UNSET,
        stores=typed.where.stores if told["stores"].wished else UNSET,
        asked=here.asked(),
    )


async def acts(here: Here) -> Response[str]:
    """What staff did, newest first; of one kind only where somebody asks for it (`?did=`)."""
    before, only = here.query.get("before", ""), here.query.get("did", "")
    only = only if only in DID else ""
    wanted = read.Wanted(did=only, before=_uuid(before) if before else None, limit=SHOWN)
    async with here.transaction as tx:
        found = await read.acts(tx, wanted)
        people = await read.some_staff(tx, set(_of_staff(found)))
        keys = await some_keys(tx, set(_of_keys(found)))
    first = f"/console/audit?did={only}" if only else "/console/audit"
    following = ""
    if len(found) == SHOWN:
        following = f"{first}{'&' if only else '?'}before={found[-1].act_id.hex}"
    return here.page(
        "team/acts.html",
        acts=[_act(here, one, people, keys) for one in found],
        only=only,
        deeds=sorted(((code, here.reader.say(says)) for code, says in DID.items()), key=_second),
        first=first if before else "",
        following=following,
    )


def _second(pair: tuple[str, str]) -> str:
    return pair[1]


def _of_staff(acts: list[Act]) -> Iterator[UUID]:
    """Who did it, and whom of the shop it was about."""
    for one in acts:
        if one.staff_id:
            yield one.staff_id
        if one.about == "staff":
            yield UUID(one.about_id)


def _of_keys(acts: list[Act]) -> Iterator[UUID]:
    """The keys that did something, or to which something was done."""
    for one in acts:
        if one.actor.startswith("key_"):
            yield UUID(one.actor.removeprefix("key_"))
        if one.about == "key":
            yield UUID(one.about_id)


def _act(here: Here, one: Act, people: dict[UUID, Staff], keys: dict[UUID, ApiKey]) -> Any:
    """An act with who did it and whom or what it was about, by their names."""
    who = people.get(one.staff_id) if one.staff_id else None
    name = who.name if who else one.actor
    if one.actor.startswith("key_"):
        known = keys.get(UUID(one.actor.removeprefix("key_")))
        name = known.name if known else name
    about = about_of(here.reader, one)
    if one.about == "staff" and UUID(one.about_id) in people:
        about = (
            ""
            if one.about_id == (one.staff_id or UUID(int=0)).hex
            else people[UUID(one.about_id)].name
        )
    elif one.about == "key" and UUID(one.about_id) in keys:
        about = keys[UUID(one.about_id)].name
    return (
        one,
        name,
        did(here.reader, one),
        about,
        list(changes(here.reader, one, here.version.program)),
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
