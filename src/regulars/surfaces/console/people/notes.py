"""Words of staff beside a member: written, and taken away."""

from __future__ import annotations

from typing import Any

from litestar import Response

from regulars.base.faults import Invalid
from regulars.flows.membership.office.commands import DropNote, WriteNote
from regulars.flows.membership.office.keep_office import keep_office
from regulars.surfaces.api.strict.ids import addressed, bare
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here


async def write(here: Here, form: Form) -> Response[Any]:
    """Write a word beside a member; an empty one is none."""
    member_id = str(form.path["member_id"])
    id_ = addressed("mem", member_id)
    try:
        await here.do(keep_office, WriteNote(id_, form.get("says"), here.by))
    except Invalid:
        return redirect(f"/console/members/{member_id}?note=empty#notes")
    return redirect(f"/console/members/{member_id}#notes")


async def drop(here: Here, form: Form) -> Response[Any]:
    """Take it away."""
    member_id = str(form.path["member_id"])
    id_, note_id = addressed("mem", member_id), bare(form.path["note_id"])
    await here.do(keep_office, DropNote(id_, note_id, here.by))
    return redirect(f"/console/members/{member_id}#notes")
