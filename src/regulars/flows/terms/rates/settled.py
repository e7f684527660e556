"""What is settled is not rated anew: months whose books are closed stay as they were closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from regulars.base.tx import Tx
from regulars.engine.compiling.rating import rates_of
from regulars.records.access.staff import read as staff
from regulars.records.program.problems import Finding
from regulars.records.program.types import Program

ABOUT = "month"


async def settled(tx: Tx, before: Program, after: Program) -> list[Finding]:
    """Why rates may not hold since the day named: the last month of a wallet that is closed and
    would have other sums.

    Order: of several the latest; from the first day after it on everything is open.
    """
    on = after.changeover.rates_from_on
    wallets = sorted({rule.wallet for rule in rates_of(before, after)}) if on else []
    closed = None
    for month in _months(date.fromisoformat(on), tx.now.date()) if on else ():
        for wallet in wallets:
            wanted = staff.Wanted(about=ABOUT, about_id=f"{month:%Y-%m}/{wallet}", limit=1)
            if await staff.acts(tx, wanted):
                closed = month
    if closed is None:
        return []
    says = f"the books of {closed:%Y-%m} are closed, and what was settled in them stays"
    mend = f"name {_next(closed)}, or a later day"
    return [Finding(("changeover", "rates_from_on"), says, mend)]


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = _next(month)


def _next(month: date) -> date:
    return month.replace(
        year=month.year + (month.month == 12), month=1 if month.month == 12 else month.month + 1
    )
