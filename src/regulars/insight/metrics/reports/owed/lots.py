"""What is outstanding by the month it was earned in and by the month it lapses in, of which day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from regulars.base.tx import Tx
from regulars.insight.metrics.asked import Asked, Table, columns
from regulars.insight.metrics.owing import Given
from regulars.insight.metrics.reading import points as read
from regulars.insight.metrics.reading.points import Lapses
from regulars.insight.metrics.spans import begins


async def lots(tx: Tx, asked: Asked, given: Sequence[Given]) -> tuple[Table, Table]:
    """Both tables as it stood when the time ended; of a time that goes on, as it stands now.

    Shape: `as_of` of each row says of which day it is. What was earned is known of the ends of
    months, what lapses of each night that counted it: of a time that ends within a month, or on a
    day whose night did not, it is the last one before. Where no night before counted, it is today.
    """
    until = asked.span.until_on
    if until > asked.today:
        return _now(asked.today, given, await read.lapses(tx, asked.wallet, asked.zone))
    month = begins(until, "month")
    ages = age_table(await read.given(tx, asked.wallet, month), month - timedelta(1))
    counted = await read.lapses_then(tx, asked.wallet, until)
    if counted is None:
        now = await read.lapses(tx, asked.wallet, asked.zone)
        return ages, lapse_table(now, asked.today)
    return ages, lapse_table(counted.lapses, counted.day)


def _now(today: date, given: Sequence[Given], found: Sequence[Lapses]) -> tuple[Table, Table]:
    return age_table(given, today), lapse_table(found, today)


def age_table(given: Sequence[Given], as_of: date) -> Table:
    """What is left of the points of each month."""
    rows = tuple((one.on, one.given, one.left, as_of) for one in given if one.left)
    return Table(
        "by_age", columns("earned:month", "given:points", "left:points", "as_of:day"), rows
    )


def lapse_table(found: Sequence[Lapses], as_of: date) -> Table:
    """What lapses when; without a month, never."""
    rows = tuple((one.month, one.units, as_of) for one in found)
    return Table("by_expiry", columns("lapses:month", "left:points", "as_of:day"), rows)
