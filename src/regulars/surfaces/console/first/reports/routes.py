"""Addresses of reports, each with who may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from litestar import Response

from regulars.records.access.staff.permissions import Permission
from regulars.surfaces.console.first.reports import closing, giving, monthly, offering, pages, rows
from regulars.surfaces.console.here import Here
from regulars.surfaces.in_words.reports.asking import REPORTS

View = Callable[[Here, Any], Awaitable[Response[Any]]]


async def _report(here: Here, _: Any, *, name: str) -> Response[Any]:
    return await pages.report(here, name)


PAGES: Final[tuple[tuple[str, Permission, View], ...]] = (
    ("/console/reports", Permission.REPORTS_READ, lambda here, _: pages.reports(here)),
    *(
        (
            f"/console/reports/{name}",
            Permission.BOOKS_READ if name == "liability" else Permission.REPORTS_READ,
            partial(_report, name=name),
        )
        for name in REPORTS
    ),
    (giving.PATH, Permission.BOOKS_READ, lambda here, _: giving.giving(here)),
    (monthly.PATH, Permission.REPORTS_READ, lambda here, _: monthly.monthly(here)),
    ("/console/reports/rows", Permission.MEMBERS_READ, lambda here, _: rows.rows(here)),
)
FORMS: Final[tuple[tuple[str, Permission, View], ...]] = (
    ("/console/reports/liability/close", Permission.BOOKS_CLOSE, closing.close),
    ("/console/reports/best/draft", Permission.PROGRAM_WRITE, offering.draft_rule),
    ("/console/reports/values/draft", Permission.PROGRAM_WRITE, offering.draft_for_group),
)
