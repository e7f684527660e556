"""A member's data: taken along as a file, and deleted; and the browsers they are signed in with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from regulars.base.tx import Tx
from regulars.flows.access.member_sessions import show_sessions
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.show_standing import show_standing
from regulars.insight.export.person import person
from regulars.records.members import read as members
from regulars.records.members.types import EraseMember
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.card.coming_in.sign_in import sign_out
from regulars.surfaces.card.desk import Desk, Sender, moved
from regulars.surfaces.card.forms import Form
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.card.showing.purses import purses_of
from regulars.surfaces.ui.paper import NEVER, text_answer

KEPT_OF_ME = "/card/me/data"
DELETE = "/card/me/delete"
GONE = "/card/gone"


def leaving_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The pages of data, of sessions, and of leaving."""

    async def take_along(request: Asked) -> Response[Any]:
        visit, holds = await desk.look(request, look_at_everything)
        body = {
            "id": shown("mem", visit.member.id),
            "as_of": desk.given.now(await desk.program()),
            "holds": holds,
        }
        answer = text_answer(msgspec.json.encode(body), "application/json", keep=NEVER)
        answer.headers["content-disposition"] = 'attachment; filename="my-card.json"'
        return answer

    async def gone(request: Asked) -> Response[Any]:
        return await desk.open_page(request, "door/gone.html")

    return [
        desk.shows(KEPT_OF_ME, "me/data.html", look_at_sessions),
        desk.acts(KEPT_OF_ME, sign_out_everywhere),
        desk.open(get, f"{KEPT_OF_ME}/file", take_along),
        desk.shows(DELETE, "me/delete.html", look_at_what_goes),
        desk.acts(DELETE, delete),
        desk.open(get, GONE, gone),
    ]


async def look_at_everything(tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
    """Everything that is kept of the member, by the files of an export."""
    return await person(tx, visit.version.program.currency, visit.member.id)


async def look_at_sessions(tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
    """Where the member is signed in."""
    found = await show_sessions(tx, visit.member.id)
    return {"sessions": found, "own": visit.session.session_id, "now": tx.now}


async def sign_out_everywhere(sender: Sender, form: Form) -> Response[Any]:
    """Every browser of the member forgets them, this one too."""
    await sender.desk.door.end(sender.program_id, sender.member_id)
    return await sign_out(sender, form)


async def look_at_what_goes(tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
    """What is lost by deleting: named one by one, as it stands now."""
    names = (await members.identifiers_of(tx, [visit.member.id]))[visit.member.id]
    standing = await show_standing(tx, visit.terms, visit.member.id)
    return {
        "names": [one.value for one in names if one.kind in ("email", "phone", "card")],
        "purses": [one for one in purses_of(visit, standing) if one.units],
        "tier": "" if standing.tier is None else standing.tier.name or standing.tier.id,
        "wrong": {},
    }


async def delete(sender: Sender, form: Form) -> Response[Any]:
    """Everything personal of the member goes; it cannot be undone."""
    if form["sure"] != "yes":
        wrong = {"sure": sender.visit.reader.say("Say that you are sure")}
        return await sender.show(look_at_what_goes, "me/delete.html", status=422, wrong=wrong)
    command = EraseMember(sender.member_id, asked=sender.by("delete"))
    await sender.do(erase_members, command)
    answer = moved(GONE)
    answer.headers["clear-site-data"] = '"cache", "storage", "cookies"'
    return answer
