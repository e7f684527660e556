"""Amounts that fit what they are counted in, and stretches of days that have a day in them."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.base.decimals import NotExact, units
from regulars.base.money import LARGEST
from regulars.records.program.checks.walk import day_of
from regulars.records.program.problems import Finding, Path, shown
from regulars.records.program.types import Decimal


def period(path: Path, from_on: str | None, until_on: str | None) -> Iterator[Finding]:
    """Note days that do not exist, and an end that comes before its beginning."""
    for name, text in (("from_on", from_on), ("until_on", until_on)):
        if text is not None and day_of(text) is None:
            yield Finding((*path, name), f"there is no day {shown(text)}", "mend the date")
    begin, end = day_of(from_on), day_of(until_on)
    if begin is not None and end is not None and end <= begin:
        says = "this period has no day in it"
        mend = "`until_on` is the first day on which it is over; make it later than `from_on`"
        yield Finding((*path, "until_on"), says, mend)


def fits(
    path: Path, amount: Decimal | None, scale: int | None, what: str, above: int = -1
) -> Iterator[Finding]:
    """Note an amount that its currency or wallet cannot hold exactly."""
    if amount is None or scale is None:
        return
    try:
        whole = units(amount, scale)
    except NotExact:
        places = "no decimals" if scale == 0 else f"only {scale} decimals"
        mend = "round it, or name the same share with larger numbers"
        if what == "wallet":
            mend += ", or raise the wallet's `scale`"
        yield Finding(path, f"{amount} has too many decimals: this {what} has {places}", mend)
        return
    if whole <= above:
        yield Finding(path, f"{amount} gives nothing", "write more than 0")
    elif whole > LARGEST:
        yield Finding(path, f"{amount} is too large to count exactly", "write a smaller amount")
