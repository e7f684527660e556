"""A report as the night told it, where that took long; otherwise as it is by now (ADR 0795)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.insight.metrics.asked import Asked, Report
from regulars.insight.metrics.reading.rows import looked_at
from regulars.insight.metrics.reports.telling import (
    basis_of,
    look_once,
    question_of,
    read_again,
)
from regulars.records.prepared.told import read
from regulars.surfaces.in_words.reports.asking import REPORTS, question

TOLD_BY_NIGHT: Final = tuple(one for one in REPORTS if one != "liability")
"""What is owed must tie to the ledger when somebody looks, and moves when a month is closed."""


class Found(NamedTuple):
    """A report, up to which books it is, and whether the night told it."""

    report: Report
    as_of: datetime | None
    by_night: bool


async def report_of(
    tx: Tx, terms: Terms, name: str, said: Mapping[str, str], now: datetime, *, anew: bool = False
) -> Found:
    """The report that `said` asks for; `anew` works it out whatever the night told.

    Order: what was told counts for the day of the shop on which it was told, and only while the
    terms are the same. Faults: Invalid, of what is asked.
    """
    asked = question(terms, now, said)
    usual = question_of(asked, said.get("compare", "")) if name in TOLD_BY_NIGHT else ""
    told = await read.told(tx, name, usual) if usual and not anew else None
    if told is not None and told.told is not None and told.day == asked.today:
        await look_once()
        known = told.basis == basis_of(asked, terms.latest) != ""
        again = _read(told.told, name, asked) if known else None
        if again is not None:
            return Found(again, told.looked_at, True)
    found = await REPORTS[name](tx, asked)
    return Found(found, await looked_at(tx), False)


def _read(text: str, name: str, asked: Asked) -> Report | None:
    try:
        return read_again(text, name, asked)
    except msgspec.ValidationError:
        return None  # as an earlier release wrote it
