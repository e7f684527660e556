"""What was paid in another currency: counted at the rate of its day, or why it is not."""

from __future__ import annotations

from datetime import datetime

from regulars.base.faults import Fault, Invalid
from regulars.engine.calendar import local
from regulars.engine.compiling.rates import rate_on
from regulars.engine.terms import Version
from regulars.records.activity.foreign import kept, too_large
from regulars.records.activity.types import Body


def counted(
    version: Version, body: Body, amount_minor: int, currency: str, at: datetime
) -> tuple[Body, int] | Fault:
    """A sale as it counts in the program's currency; how it was told is kept with it.

    Order: `at` is when it happened: the rate of that local day counts, whenever it was told.
    Faults: a currency, or a day, for which the program has no rate; more than is kept
    exactly.
    """
    program = version.program
    if currency in ("", program.currency):
        return body, amount_minor
    rate = rate_on(version.compiled.rates, currency, local(version.zone, at).day)
    if rate is None:
        says = f"this program has no rate for {currency} on that day; send {program.currency}"
        return Invalid(says, field="/amount/currency", currency=currency)
    if too_large(body, amount_minor, rate):
        return Invalid("it comes to more than 2^53-1 minor units", field="/amount")
    return kept(body, amount_minor, currency, rate)
