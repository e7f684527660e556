"""Members as a file for a spreadsheet: everybody who matches, written while it is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any, Final

from litestar import Response
from litestar.response import Stream
from msgspec.structs import replace

from regulars.base.decimals import text_of
from regulars.base.sheets import Cell, sheet_rows
from regulars.flows.membership.office.commands import TellTaken
from regulars.flows.membership.office.keep_office import keep_office
from regulars.insight.people.find import find
from regulars.records.access.office.read import tags
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.looking import Looked, looked_in, spelled_alike
from regulars.surfaces.console.people.members import lines_of, listed
from regulars.surfaces.ui.paper import GUARDED, NEVER

A_PART: Final = 500
_MARK: Final = "\ufeff"
"""By this, spreadsheets know that it is UTF-8."""


async def members_file(here: Here, form: Form) -> Response[Any]:
    """Everybody who matches, who joined first first, as CSV; written down before it goes.

    Order: with a slip in a field nothing leaves the house; the list says what is wrong.
    Keeps: the memory it takes is that of one part, however many they are.
    """
    said = looked_in(here, form.get("query"))
    if said.wrong:
        return await listed(here, said, status=422)
    if said.wanted.tag:
        async with here.transaction as tx:
            said = spelled_alike(said, await tags(tx))
    names = " ".join(name for name in said.said if name not in ("cols", "sort"))
    await here.do(keep_office, TellTaken("members", names or "everybody", here.by))
    headers = GUARDED | {
        "cache-control": NEVER,
        "content-disposition": 'attachment; filename="members.csv"',
    }
    kind = "text/csv; charset=utf-8"
    answer: Any = Stream(_parts(here, said), media_type=kind, headers=headers)
    return answer


async def _parts(here: Here, said: Looked) -> AsyncIterator[str]:
    wallets = here.version.program.wallets
    heads = ["id", "number", "given_name", "family_name", "phone_or_email", "state", "tier"]
    yield _MARK + sheet_rows([[*heads, *wallets, "joined_at", "last_visit_at", "lapses_at"]])
    after, more = None, True
    wanted = replace(said.wanted, sort="oldest")  # a name may change while it is written
    seen_too = Looked(said.said, said.wanted, (*said.columns, "visit"), said.wrong)
    while more:
        async with here.transaction as tx:
            found = await find(tx, wanted, after, A_PART)
            lines = await lines_of(tx, here, found.members, seen_too)
        after, more = found.after, found.after is not None
        if lines:
            both = zip(found.members, lines, strict=True)
            yield sheet_rows([_cells(one, line) for one, line in both])


def _cells(one: Any, line: dict[str, Any]) -> list[Cell]:
    instants = (line["joined_at"], line["visited_at"], line["lapses_at"])
    return [
        line["id"],
        line["number"],
        one.given_name,
        one.family_name,
        next(iter(line["known_by"]), ""),
        line["state"],
        line["tier"]["name"] if line["tier"] else "",
        *(Decimal(text_of(units, scale)) for units, scale in line["units"]),
        *("" if at is None else at.isoformat(timespec="seconds") for at in instants),
    ]
