"""Months of the shop, one page each: listed, opened, and taken along as PDF."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from litestar import Response
from msgspec import Struct

from regulars.base.faults import Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.insight.metrics.monthly.reading import months
from regulars.records.access.staff import read as staff
from regulars.records.outbox.months import read
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.monthly.asking import kept, told
from regulars.surfaces.in_words.monthly.paper import MEDIA, pdf_of
from regulars.surfaces.in_words.monthly.told import Told
from regulars.surfaces.ui.paper import GUARDED, NEVER

PATH: Final = "/console/reports/monthly"
NO_MONTH: Final = N("There is no such month, or it has not begun.")
NOT_SENT: Final = {
    "waiting": N("on its way"),
    "going": N("on its way"),
    "refused": N("the mail server did not take it"),
    "bounced": N("it came back: nobody is at the address"),
    "unsure": N("it may not have arrived, and is not sent again"),
    "unwanted": N("wants it no more, or may not read reports any more"),
}
"""What became of a letter that was not sent."""


async def monthly(here: Here) -> Response[Any]:
    """A month as a page or as PDF; without one, all that there are. Faults: NotFound."""
    month = here.query.get("month", "")
    if not month:
        return await _list(here)

    as_kept = here.query.get("kept") == "yes"

    async def look(tx: Tx, terms: Terms) -> tuple[Told, datetime]:
        if as_kept:
            return await kept(tx, terms, here.now, month, here.reader.language)
        return await told(tx, terms, here.now, month, here.reader), here.now

    try:
        found, at = await here.read(look)
    except (Invalid, NotFound):
        raise NotFound(NO_MONTH) from None
    if here.query.get("as") == "pdf":
        return await _file(found, at)
    return here.page("reports/month.html", told=found, kept_at=at if as_kept else None)


class Listed(Struct, frozen=True):
    """A month in the list: when it was kept, and what became of letters with it."""

    month: str
    name: str
    kept_at: datetime | None
    sent: int
    addressed: int
    ill: tuple[tuple[str, str], ...]
    """Who did not get it, and why."""


async def _list(here: Here) -> Response[str]:
    async with here.transaction as tx:
        found = await months(tx, here.now.astimezone(here.zone).date())
        made = dict(await read.months(tx, len(found)))
        letters = await read.letters(tx, list(made))
        names = {one.staff_id: one.name for one in await staff.all_staff(tx)} if letters else {}
    shown = []
    for one in found:
        mine = [letter for letter in letters if letter.month == one]
        ill = tuple(
            (names.get(each.staff_id, ""), here.reader.say(NOT_SENT[each.state]))
            for each in mine
            if each.state in NOT_SENT
        )
        sent = sum(each.state == "sent" for each in mine)
        name = here.reader.whole_month(one)
        shown.append(Listed(one.isoformat()[:7], name, made.get(one), sent, len(mine), ill))
    return here.page("reports/months.html", months=shown)


async def _file(found: Told, at: datetime) -> Response[bytes]:
    name = f'attachment; filename="month-{found.month}.pdf"'
    headers = GUARDED | {"cache-control": NEVER, "content-disposition": name}
    return Response(await pdf_of(found, at), media_type=MEDIA, headers=headers)
