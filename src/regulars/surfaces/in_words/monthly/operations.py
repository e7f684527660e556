"""A month on one page, for whoever reads it by a program of their own."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from regulars.base.faults import Invalid
from regulars.base.languages import language_of
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.insight.metrics.monthly.reading import MOST_MONTHS
from regulars.records.access.types import Scope
from regulars.records.outbox.months import read as months
from regulars.surfaces.api.answers import Header
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.faults import BadParameter
from regulars.surfaces.in_words.monthly.asking import kept, told
from regulars.surfaces.in_words.monthly.paper import MEDIA, html_of, pdf_of
from regulars.surfaces.in_words.monthly.told import Told
from regulars.surfaces.ui.reader import Reader
from regulars.surfaces.ui.words import LANGUAGES

HTML: Final = "text/html; charset=utf-8"


class MonthQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which month, in which language, as what."""

    month: Annotated[
        str, Meta(max_length=7, description="Such as 2026-10; the one that ended last if left out.")
    ] = ""
    language: Annotated[
        str, Meta(max_length=20, description="`en`, `de`, `tr` or `ar`; else the program's own.")
    ] = ""
    kept: Annotated[
        Literal["yes", "no"],
        Meta(description="`yes`: as it was told when the month had ended, and not as it is now."),
    ] = "no"
    format: Annotated[str, Meta(max_length=20, description="`json`, `html` or `pdf`.")] = "json"


async def monthly(call: Call) -> Reply:
    """A month as its reader reads it, or as a file."""
    query: MonthQuery = call.query
    if query.format not in ("json", "html", "pdf"):
        raise BadParameter("the format is json, html or pdf", field="format")
    if query.language and query.language not in LANGUAGES:
        raise BadParameter(f"choose from {', '.join(LANGUAGES)}", field="language")
    try:
        found, at = await call.read(partial(_told, call, query))
    except Invalid as fault:
        raise BadParameter(fault.says, field=fault.field) from None
    if query.format == "json":
        return Reply(found)
    named = f'attachment; filename="month-{found.month}.{query.format}"'
    header: Header = (b"content-disposition", named.encode())
    if query.format == "html":
        return Reply(html_of(found).encode(), headers=(header,), media=HTML)
    return Reply(await pdf_of(found, at), headers=(header,), media=MEDIA)


async def _told(call: Call, query: MonthQuery, tx: Tx, terms: Terms) -> tuple[Told, datetime]:
    reader = reader_of(terms, call.now, query.language)
    if query.kept == "yes":
        return await kept(tx, terms, call.now, query.month, reader.language)
    return await told(tx, terms, call.now, query.month, reader), call.now


class KeptMonth(Struct, frozen=True):
    """A month that was kept on one page, and what became of letters with it."""

    month: str
    made_at: datetime
    addressed: int
    """To how many of the staff it went, or goes."""
    sent: int
    not_sent: int
    """Refused, come back, perhaps lost on the way, or not wanted any more."""


class KeptMonths(Struct, frozen=True):
    """The months that are kept, the latest first."""

    months: list[KeptMonth]


async def listed(call: Call) -> Reply:
    """Which months are kept."""
    return Reply(KeptMonths(await call.read(_listed)))


async def _listed(tx: Tx, _: Terms) -> list[KeptMonth]:
    made = await months.months(tx, MOST_MONTHS)
    letters = await months.letters(tx, [month for month, _ in made])
    found = []
    for month, at in made:
        states = Counter(one.state for one in letters if one.month == month)
        on_its_way = states["waiting"] + states["going"]
        ill = states.total() - states["sent"] - on_its_way
        shown = month.isoformat()[:7]
        found.append(KeptMonth(shown, at, states.total(), states["sent"], ill))
    return found


def reader_of(terms: Terms, now: Any, language: str) -> Reader:
    """Whoever reads this language, else the program's own, by the shop's clock."""
    program = terms.at(now).program
    own = language_of(program.locale)
    return Reader(language or (own if own in LANGUAGES else "en"), program.zone)


EXAMPLE: Final = msgspec.to_builtins(
    Told(
        month="2026-10",
        language="en",
        direction="ltr",
        shop="Corner Café",
        title="The month of October 2026",
        warns="",
        happened_head="What happened",
        happened=("412 members bought, 1,180 times in all, for €14,320.50.", "61 people joined."),
        beside_head="Beside other months",
        heads=("Measured", "This month", "Month before", "A year before"),
        rows=(),
        means_head="What it means",
        means=("As many members bought as in the month before.",),
        next_head="Three things to do next",
        steps=(),
        counted_head="How it was counted",
        notes=(),
    )
)
OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/v1/insight/monthly",
        name="get_monthly_report",
        tag="Reports",
        says="A month of the shop on one page, in plain words",
        notes="What happened, beside the month before and the year before, what it means, and "
        "three things to do next. As JSON, as a page, or as PDF. Texts only.",
        scopes=(Scope.REPORTS_READ,),
        query=MonthQuery,
        answers={200: Told},
        answer_example=EXAMPLE,
        files=("text/html", MEDIA),
        do=monthly,
    ),
    Operation(
        method="GET",
        path="/v1/insight/monthly/kept",
        name="list_kept_months",
        tag="Reports",
        says="The months that are kept on one page, and to how many of the staff they went",
        scopes=(Scope.REPORTS_READ,),
        answers={200: KeptMonths},
        answer_example={
            "months": [
                {
                    "month": "2026-10",
                    "made_at": "2026-11-01T00:10:00Z",
                    "addressed": 2,
                    "sent": 2,
                    "not_sent": 0,
                }
            ]
        },
        do=listed,
    ),
)
