"""Months of the shop, one page each: listed, opened, and taken along as PDF."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response

from regulars.base.faults import Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.insight.metrics.monthly.reading import months
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.words import N
from regulars.surfaces.in_words.monthly.asking import told
from regulars.surfaces.in_words.monthly.paper import MEDIA, pdf_of
from regulars.surfaces.in_words.monthly.told import Told
from regulars.surfaces.ui.paper import GUARDED, NEVER

PATH: Final = "/console/reports/monthly"
NO_MONTH: Final = N("There is no such month, or it has not begun.")


async def monthly(here: Here) -> Response[Any]:
    """A month as a page or as PDF; without one, all that there are. Faults: NotFound."""
    month = here.query.get("month", "")
    if not month:
        return await _list(here)

    async def look(tx: Tx, terms: Terms) -> Told:
        return await told(tx, terms, here.now, month, here.reader)

    try:
        found = await here.read(look)
    except Invalid:
        raise NotFound(NO_MONTH) from None
    if here.query.get("as") == "pdf":
        return await _file(here, found)
    return here.page("reports/month.html", told=found)


async def _list(here: Here) -> Response[str]:
    async with here.transaction as tx:
        found = await months(tx, here.now.astimezone(here.zone).date())
    shown = [(one.isoformat()[:7], here.reader.whole_month(one)) for one in found]
    return here.page("reports/months.html", months=shown)


async def _file(here: Here, found: Told) -> Response[bytes]:
    name = f'attachment; filename="month-{found.month}.pdf"'
    headers = GUARDED | {"cache-control": NEVER, "content-disposition": name}
    return Response(await pdf_of(found, here.now), media_type=MEDIA, headers=headers)
