"""Clubs: a list, and one with who is in it and whom the shop asked."""

from __future__ import annotations

from typing import Any, Final, cast

from litestar import Response
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.community.commands import InviteToClub, KeepClub
from regulars.flows.community.join_clubs import invite_to_clubs
from regulars.flows.community.keep_clubs import keep_clubs
from regulars.records.access.staff.permissions import Permission
from regulars.records.community.clubs import read
from regulars.records.community.clubs.types import Club, Count, Joins
from regulars.records.members import read as members
from regulars.surfaces.api.answers import No
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.offers.community.typed import (
    stores_of,
    texts_of,
    tiers_of,
    whom,
)
from regulars.surfaces.console.offers.community.words import EVERYWHERE, JOINS
from regulars.surfaces.console.people.members import name_of
from regulars.surfaces.console.terms.campaigns.tongues import own_tongue, tongues

PAGE: Final = "/console/clubs"
MOST: Final = 100


async def listed(
    here: Here, form: Form | None = None, wrong: dict[str, str] | None = None
) -> Response[str]:
    """Every club with how many are in it, and a form to plan one."""
    async with here.transaction as tx:
        found = await read.clubs(tx)
        many = await read.counts(tx)
    stores = await stores_of(here)
    return here.page(
        "offers/community/clubs.html",
        status=422 if wrong else 200,
        items=[(one, many.get(one.club_id, Count(0, 0))) for one in found],
        store_names=dict(stores),
        joins_words=JOINS,
        **_plan(here, stores, form or Form({})),
        wrong=wrong or {},
    )


async def begin(here: Here, form: Form) -> Response[Any]:
    """A club is planned."""
    code = form.get("code").strip()
    async with here.transaction as tx:
        there = await read.club(tx, code)
    if there is not None:
        no = Invalid("There is a club of this code already; choose another", field="/code")
        return await listed(here, form, {"code": here.told(no)})
    kept = await _kept(here, _meant(here, code, form))
    if isinstance(kept, Fault):
        return await listed(here, form, _slip(here, kept))
    return redirect(f"{PAGE}/{kept.code}")


async def club(
    here: Here,
    code: str,
    form: Form | None = None,
    wrong: dict[str, str] | None = None,
    asks: dict[str, str] | None = None,
) -> Response[str]:
    """One club: who is in it, whom the shop asked, and what it is."""

    async def look(tx: Tx, _: Terms) -> dict[str, Any]:
        found = await _there(tx, code)
        inside = await read.inside(tx, found.club_id, None, MOST + 1)
        asked = await read.asked(tx, found.club_id, MOST)
        people = {one.member_id for one in inside} | {who for who, _ in asked}
        names = {who: name_of(one) or one.number
                 for who, one in (await members.members(tx, people)).items()}  # fmt: skip
        return {
            "one": found,
            "many": await read.count_of(tx, found.club_id),
            "inside": [(shown("mem", one.member_id), one) for one in inside[:MOST]],
            "more": len(inside) > MOST,
            "asked": [(shown("mem", who), who, at) for who, at in asked],
            "names": names,
        }

    seen = await here.read(look)
    one: Club = seen["one"]
    stores, tiers = await stores_of(here, one.store), tiers_of(here, one.tiers)
    return here.page(
        "offers/community/club.html",
        status=422 if wrong or asks else 200,
        joins_words=JOINS,
        store_names=dict(stores),
        tier_names=dict(tiers),
        key=own_key(here.given.random_bytes),
        **seen,
        **_plan(here, stores, form or _typed(one)) | {"tiers": tiers},
        wrong=wrong or {},
        asks=asks or {},
    )


async def change(here: Here, form: Form) -> Response[Any]:
    """A club is changed, closed, or opened again."""
    code = str(form.path["club"])
    async with here.transaction as tx:
        one = await _there(tx, code)
    if form.get("does") in ("close", "open"):
        state: Any = "closed" if form.get("does") == "close" else "open"
        wish = replace(_meant(here, code, _typed(one), one), state=state)
    else:
        wish = _meant(here, code, form, one)
    kept = await _kept(here, wish)
    if isinstance(kept, Fault):
        return await club(here, code, form, _slip(here, kept))
    return redirect(f"{PAGE}/{code}")


async def invite(here: Here, form: Form) -> Response[Any]:
    """A member is asked to join."""
    code = str(form.path["club"])
    async with here.transaction as tx:
        await _there(tx, code)
    try:
        who = await whom(here, form.get("who"), form.get("key"))
        done = await here.do(invite_to_clubs, InviteToClub(code, who, here.by, here.asked()))
    except Fault as fault:
        done = fault
    except No as no:
        done = no.refused
    if isinstance(done, Fault | Refused):
        return await club(here, code, asks={"who": here.told(done)})
    return redirect(f"{PAGE}/{code}")


def _plan(here: Here, stores: list[tuple[str, str]], form: Form) -> dict[str, Any]:
    """What the form of a club shows."""
    return {
        "form": form,
        "own": own_tongue(here),
        "written_in": tongues(here),
        "joins_said": [(name, here.reader.say(says)) for name, says in JOINS.items()],
        "stores": [("", here.reader.say(EVERYWHERE)), *stores],
        "tiers": tiers_of(here),
    }


def _typed(one: Club) -> Form:
    """A club as its form shows it."""
    fields = {"name": (one.name,), "joins": (one.joins,), "store": (one.store,),
              "tiers": tuple(one.tiers)}  # fmt: skip
    return Form({**fields, **{f"says_{name}": (text,) for name, text in one.says.items()}})


def _meant(here: Here, code: str, form: Form, there: Club | None = None) -> KeepClub:
    joins = cast("Joins", form.get("joins") if form.get("joins") in JOINS else "open")
    tiers = form.all("tiers") if joins == "tier" else ()
    state: Any = "open" if there is None else there.state
    return KeepClub(code, form.get("name"), texts_of(form, "says"), joins, here.by, tuple(tiers),
                    form.get("store"), state)  # fmt: skip


async def _kept(here: Here, wish: KeepClub) -> Any:
    try:
        return await here.do(keep_clubs, wish)
    except Fault as fault:
        return fault


def _slip(here: Here, fault: Fault) -> dict[str, str]:
    """What is wrong, at its field of the form."""
    field = fault.field.strip("/").replace("/", "_")
    return {f"says_{own_tongue(here)}" if field == "says" else field: here.told(fault)}


async def _there(tx: Tx, code: str) -> Club:
    found = await read.club(tx, code)
    if found is None:
        raise NotFound("there is no such club; look at the list again")
    return found


PAGES: Final = (
    (PAGE, Permission.MEMBERS_READ, lambda here, _: listed(here)),
    (PAGE + "/{club:str}", Permission.MEMBERS_READ, lambda here, path: club(here, path["club"])),
)
FORMS_DONE: Final = (
    (PAGE, Permission.MESSAGES_WRITE, begin),
    (PAGE + "/{club:str}", Permission.MESSAGES_WRITE, change),
    (PAGE + "/{club:str}/invitations", Permission.MEMBERS_WRITE, invite),
)
