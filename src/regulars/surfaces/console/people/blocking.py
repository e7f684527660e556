"""Members who are blocked, and let go again."""

from __future__ import annotations

from typing import Any

from litestar import Response

from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import BlockMember
from regulars.records.members import read
from regulars.records.members.types import MemberRef, nobody
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import name_of


async def block_form(here: Here, member_id: str, wrong: str = "", typed: str = "") -> Response[str]:
    """Asks for the reason. Faults: UnknownMember."""
    id_ = addressed("mem", member_id)
    async with here.transaction as tx:
        one = (await read.members(tx, [id_])).get(id_)
    if one is None:
        raise nobody()
    return here.page(
        "people/block.html",
        status=422 if wrong else 200,
        id=member_id,
        name=name_of(one) or one.number,
        blocked=one.state == "blocked",
        wrong={"reason": wrong} if wrong else {},
        typed=typed,
    )


async def block(here: Here, form: Form) -> Response[Any]:
    """Block somebody, or let them go again; done twice changes nothing."""
    member_id, reason = str(form.path["member_id"]), form.get("reason").strip()
    if not 0 < len(reason) <= 300:
        wrong = here.reader.say("Say in a few words why; at most 300 letters")
        return await block_form(here, member_id, wrong, reason)
    ref = MemberRef(id=addressed("mem", member_id))
    blocked = form.get("blocked") == "yes"
    await here.do(
        block_members, BlockMember(ref, blocked, reason, here.staff.principal, here.asked())
    )
    return redirect(f"/console/members/{member_id}")
