"""References: prospects who want to hear from a member, who fits, and what became of it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.community.caring.commands import (
    AgreeToReferences,
    TurnReference,
    WantReference,
)
from regulars.flows.community.caring.find_references import (
    agree_to_references,
    turn_references,
    want_references,
)
from regulars.records.access.staff.permissions import Permission
from regulars.records.community.references import read
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.offers.caring.words import REFERENCE_STATES
from regulars.surfaces.console.people.members import name_of

PAGE: Final = "/console/references"
MOST: Final = 50
FIRST: Final = 3
"""So many who fit are shown of each."""
_DOES: Final = frozenset({"ask", "given", "declined", "withdraw"})


async def listed(
    here: Here, form: Form | None = None, wrong: dict[str, str] | None = None, of: str = ""
) -> Response[str]:
    """Every request, the latest first, with who fits."""

    async def look(tx: Tx, _: Terms) -> dict[str, Any]:
        found = await read.page(tx, None, MOST)
        fits = {
            one.request_id: await read.matches(tx, (one.request_id, one.wants), FIRST)
            for one in found
            if one.state == "open"
        }
        whom: set[UUID] = {one.member_id for one in found if one.member_id is not None}
        whom |= {each.member_id for some in fits.values() for each in some}
        people = await members.members(tx, whom)
        return {
            "items": [
                (shown("rfr", one.request_id), one, fits.get(one.request_id, [])) for one in found
            ],
            "names": {who: name_of(one) or one.number for who, one in people.items()},
            "pages": {who: shown("mem", who) for who in people},
            "numbers": {who: one.number for who, one in people.items()},
        }

    return here.page(
        "offers/caring/references.html",
        status=422 if wrong else 200,
        stands=REFERENCE_STATES,
        form=form or Form({}),
        wrong=wrong or {},
        of=of,
        **await here.read(look),
    )


async def want(here: Here, form: Form) -> Response[Any]:
    """A prospect wants to hear from a member."""
    name, value = form.get("attribute").strip(), form.get("value").strip()
    wants: dict[str, bool | int | str] = {name: _typed(value)} if name else {}
    return await _done(
        here, form, want_references, WantReference(form.get("prospect"), here.by, wants)
    )  # fmt: skip


async def turn(here: Here, form: Form) -> Response[Any]:
    """A member is asked, or what became of it."""
    which, does = meant("rfr", str(form.path["reference_id"])), form.get("does")
    if which is None or does not in _DOES:
        raise NotFound("there is no such request; look at the list again")
    who = MemberRef(number=form.get("member")) if form.get("member") else None
    wish = TurnReference(which, does, here.by, who)  # type: ignore[arg-type]
    return await _done(here, form, turn_references, wish)


async def agree(here: Here, form: Form) -> Response[Any]:
    """A member said whether prospects may ask them."""
    typed = form.get("member").strip()
    who = MemberRef(email=typed) if "@" in typed else MemberRef(number=typed)
    id_ = meant("mem", typed)
    who = who if id_ is None else MemberRef(id=id_)
    wish = AgreeToReferences(who, form.get("agrees") != "no", here.by)
    return await _done(here, form, agree_to_references, wish)


def _typed(value: str) -> bool | int | str:
    """What somebody typed as an attribute's value: yes and no in the program's own words, a whole
    number, or a text."""
    if value in ("true", "false"):
        return value == "true"
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value


async def _done(here: Here, form: Form, flow: Any, wish: Any) -> Response[Any]:
    of = str(form.path.get("reference_id", ""))
    try:
        done = await here.do(flow, wish)
    except Fault as fault:
        if isinstance(fault, NotFound) and of:
            raise
        done = fault
    if isinstance(done, Fault | Refused):
        field = done.field.strip("/").partition("/")[0] if isinstance(done, Fault) else ""
        place = {"wants": "attribute"}.get(field, field or "prospect")
        return await listed(here, form, {place: here.told(done)}, of)
    return redirect(PAGE)


PAGES: Final = ((PAGE, Permission.MEMBERS_READ, lambda here, _: listed(here)),)
FORMS_DONE: Final = (
    (PAGE, Permission.MEMBERS_WRITE, want),
    (PAGE + "/members", Permission.MEMBERS_WRITE, agree),
    (PAGE + "/{reference_id:str}", Permission.MEMBERS_WRITE, turn),
)
