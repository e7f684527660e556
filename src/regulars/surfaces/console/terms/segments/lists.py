"""A list of members brought as a file, in the console."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault, NotFound
from regulars.engine.segments.listing import named_in
from regulars.flows.membership.office.segments.bring_lists import bring_lists
from regulars.flows.membership.office.segments.commands import BringList, Brought
from regulars.records.access.staff.permissions import Permission
from regulars.records.program.changes.segments import read as segments
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.segments import of_member, taking
from regulars.surfaces.console.terms.segments.pages import list_page
from regulars.surfaces.console.words import N

LARGEST: Final = 4_000_000
"""Bytes of a file that is brought here; a hundred thousand lines are fewer."""
SHOWN: Final = 50
NO_FILE: Final = MappingProxyType(
    {
        "none": N("Choose a file first."),
        "text": N("This is no CSV file in UTF-8. Save the sheet as CSV (UTF-8) and bring that."),
        "columns": N(
            "The first line must name the columns: member_id, number, external, card, email or "
            "phone."
        ),
        "nothing": N("Below its first line the file is empty."),
    }
)
WHY_WRONG: Final = MappingProxyType(
    {
        "empty": N("names nobody"),
        "misspelt": N("is not how such a thing is written"),
        "unknown": N("is nobody here"),
    }
)


async def bring(here: Here, form: Form) -> Response[Any]:
    """Whoever a file names is put on the list, or taken off; what is wrong stands on the page."""
    code = str(form.path["segment"])
    async with here.transaction as tx:
        found = await segments.segment(tx, code)
    if found is None:
        raise NotFound("there is no such segment; look at the list again")
    body = form.files.get("file")
    named = None if body is None else named_in(body)
    if named is None or named.no:
        says = NO_FILE["none" if named is None else named.no]
        return await list_page(here, found, no=here.reader.say(says))
    command = BringList(
        code, tuple(named.lines), here.by, tuple(named.wrong), form.get("way") != "take",
        form.get("partly") == "yes",
    )  # fmt: skip
    try:
        done = await here.do(bring_lists, command)
    except Fault as fault:
        return await list_page(here, found, no=here.told(fault))
    assert isinstance(done, Brought), done
    wrong = [(one.at, one.said, WHY_WRONG[one.why]) for one in done.wrong[:SHOWN]]
    return await list_page(here, found, brought=done, wrong_lines=wrong)


_ONE: Final = "/console/segments/{segment:str}"
FILE: Final = f"{_ONE}/file"
FORMS_DONE: Final = (
    *of_member.FORMS_DONE,
    (f"{_ONE}/members", Permission.MEMBERS_EXPORT, taking.members_file),
)
"""What forms of lists and of members' segments do, but for bringing a file to `FILE`."""
