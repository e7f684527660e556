"""Everything personal of a member, as a file for them; and all of it taken out for good."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response

from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.office.commands import TellTaken
from regulars.flows.membership.office.keep_office import keep_office
from regulars.insight.export.person import person
from regulars.records.members import read
from regulars.records.members.types import EraseMember, nobody
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.whom import whom
from regulars.surfaces.ui.paper import text_answer


async def person_file(here: Here, form: Form) -> Response[Any]:
    """What is kept of a member, as the file they may ask for; written down before it goes."""
    member_id = str(form.path["member_id"])
    id_ = addressed("mem", member_id)
    async with here.transaction as tx:
        if not await read.present(tx, [id_]):
            raise nobody()
    await here.do(keep_office, TellTaken(id_.hex, "person", here.by))
    async with here.transaction as tx:
        holds = await person(tx, here.version.program.currency, id_)
    told = {"id": member_id, "as_of": here.now, "holds": holds}
    answer = text_answer(msgspec.json.format(msgspec.json.encode(told)), "application/json",
                         keep="no-store")  # fmt: skip
    answer.headers["content-disposition"] = f'attachment; filename="{member_id}.json"'
    return answer


async def erase_form(here: Here, member_id: str, wrong: str = "", typed: str = "") -> Response[str]:
    """What goes and what stays; whoever means it types the name. Faults: UnknownMember."""
    one = await whom(here, member_id)
    return here.page(
        "people/erase.html",
        status=422 if wrong else 200,
        id=member_id,
        name=one.name,
        erased=one.member.state == "erased",
        wrong={"name": wrong} if wrong else {},
        typed=typed,
    )


async def erase(here: Here, form: Form) -> Response[Any]:
    """Taken out, once the name was typed as it is; done twice changes nothing."""
    member_id, typed = str(form.path["member_id"]), form.get("name").strip()
    one = await whom(here, member_id)
    if one.member.state != "erased" and typed != one.name:
        wrong = here.reader.say("Type the name as it stands above")
        return await erase_form(here, member_id, wrong, typed)
    await here.do(erase_members, EraseMember(addressed("mem", member_id), asked=here.asked()))
    return redirect(f"/console/members/{member_id}")
