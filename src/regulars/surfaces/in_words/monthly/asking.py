"""A month as it is asked for, read and told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from regulars.base.faults import Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.insight.metrics.asking import EARLIEST
from regulars.insight.metrics.monthly import reading
from regulars.insight.metrics.reading.rows import looked_at
from regulars.insight.metrics.spans import begins, months_on
from regulars.records.outbox.months import read as months
from regulars.surfaces.in_words.monthly.telling import Shop, Writer
from regulars.surfaces.in_words.monthly.told import Told
from regulars.surfaces.in_words.reports.asking import question, wallet_of
from regulars.surfaces.ui.reader import Reader


def month_in(text: str, today: date) -> date:
    """The first day of a month typed as `2026-10`; of nothing, the month that ended last.

    Faults: Invalid for what is no month, for one that has not begun and for one before 1970.
    """
    if not text:
        return months_on(begins(today, "month"), -1)
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = date.min
    if len(text) != 7 or not found >= EARLIEST:
        raise Invalid("write a month such as 2026-10, from 1970 on", field="month")
    if found > today:
        raise Invalid("this month has not begun yet", field="month")
    return found


async def told(tx: Tx, terms: Terms, now: datetime, month: str, reader: Reader) -> Told:
    """What a month was, as this reader reads it. Faults: Invalid at `month`."""
    (found,) = await told_in(tx, terms, now, month, [reader])
    return found


async def told_in(
    tx: Tx, terms: Terms, now: datetime, month: str, readers: Sequence[Reader]
) -> list[Told]:
    """The same for several readers, of one look at the rows."""
    version = terms.at(now)
    program = version.program
    today = now.astimezone(ZoneInfo(program.zone)).date()
    first = month_in(month, today)
    said = {"from": first.isoformat(), "until": months_on(first, 1).isoformat()}
    asked = question(terms, now, said)
    found = await reading.month_of(tx, asked)
    wallet = program.wallets.get(wallet_of(terms, asked))
    points, scale = (wallet.name or wallet_of(terms, asked), wallet.scale) if wallet else ("", 0)
    shop = Shop(program.name, program.currency, points, scale)
    as_of = await looked_at(tx)
    return [Writer(reader, shop, found).told(as_of) for reader in readers]


async def kept(
    tx: Tx, terms: Terms, now: datetime, month: str, language: str
) -> tuple[Told, datetime]:
    """A month as it was told when it had ended, and when that was; in English where it was not
    told in this language. Faults: Invalid at `month`, NotFound where it was not kept."""
    today = now.astimezone(terms.at(now).zone).date()
    pages = await months.pages(tx, month_in(month, today))
    page = pages.get(language) or pages.get("en")
    if page is None:
        raise NotFound("this month was not kept; ask for it as it is told now", field="month")
    return msgspec.convert(page.told, Told), page.made_at
