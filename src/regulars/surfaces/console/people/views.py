"""Lists of members that somebody keeps, for themselves or for everybody who works here."""

from __future__ import annotations

from typing import Any

from litestar import Response

from regulars.base.faults import Invalid
from regulars.flows.membership.office.commands import DropView, KeepView
from regulars.flows.membership.office.keep_office import keep_office
from regulars.surfaces.api.strict.ids import bare
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.looking import address, looked_in


async def keep(here: Here, form: Form) -> Response[Any]:
    """Keep what is looked for under a name; without one nothing is kept."""
    query = looked_in(here, form.get("query")).query
    shared = bool(form.get("shared"))
    try:
        await here.do(keep_office, KeepView(form.get("name"), query, here.by, shared))
    except Invalid:
        return redirect(address(query, {"unnamed": "yes"}))
    return redirect(address(query))


async def drop(here: Here, form: Form) -> Response[Any]:
    """Keep it no more."""
    await here.do(keep_office, DropView(bare(form.path["view_id"]), here.by))
    return redirect("/console/members")
