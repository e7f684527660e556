"""Words of the shop on members: of one on their page, of many from the list."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from litestar import Response

from regulars.base.faults import Invalid
from regulars.flows.membership.office.commands import TagMembers
from regulars.flows.membership.office.tag_members import tag_members
from regulars.records.access.office.read import tags
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.looking import address, chips, looked_in
from regulars.surfaces.console.people.many.choosing import Chosen, Meant, asked_for, meant_by
from regulars.surfaces.console.words import N

_OTHERS: Final = N(
    "Others match now than when you looked. Look at how many they are, and say it again."
)


async def tag_form(here: Here) -> Response[str]:
    """The form for who was ticked, or for all who match."""
    return await _form(here, *await asked_for(here))


async def tag_many(here: Here, form: Form) -> Response[Any]:
    """A word is put on all of them, or taken off; then the list with that word.

    Order: the list is looked through anew; were they others, the form is shown again.
    """
    chosen, adds = Chosen(form.get("query"), form.all("only")), form.get("way") != "take"
    meant = await meant_by(here, chosen)
    if meant.no:
        return await _form(here, chosen, meant, form)
    if form.get("who") != meant.who:
        return await _form(here, chosen, meant, form, {"": here.reader.say(_OTHERS)})
    try:
        done = await here.do(tag_members, TagMembers(form.get("tag"), meant.ids, here.by, adds))
    except Invalid as fault:
        return await _form(here, chosen, meant, form, {"tag": here.told(fault)})
    return redirect(f"/console/members?tag={quote(done.tag)}" if adds else address(chosen.query))


async def tag_one(here: Here, form: Form) -> Response[Any]:
    """A word on one member, or taken off; an empty one is none."""
    member_id = str(form.path["member_id"])
    ids, adds = (addressed("mem", member_id),), form.get("way") != "take"
    async with here.transaction as tx:
        if not await members.present(tx, ids):
            raise nobody()
    try:
        await here.do(tag_members, TagMembers(form.get("tag"), ids, here.by, adds))
    except Invalid:
        return redirect(f"/console/members/{member_id}?tag=wrong#tags")
    return redirect(f"/console/members/{member_id}#tags")


async def _form(
    here: Here,
    chosen: Chosen,
    meant: Meant,
    form: Form | None = None,
    wrong: dict[str, str] | None = None,
) -> Response[str]:
    async with here.transaction as tx:
        known = await tags(tx)
    return here.page(
        "people/tag_form.html",
        status=422 if wrong else 200,
        chosen=chosen,
        chips=[] if chosen.only else chips(here, looked_in(here, chosen.query)),
        back=address(chosen.query),
        count=len(meant.ids),
        who=meant.who,
        ready=not meant.no,
        known=known,
        typed=form.get("tag") if form else "",
        takes=bool(form) and form is not None and form.get("way") == "take",
        wrong={"": meant.no} if meant.no else wrong or {},
    )
