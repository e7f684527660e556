"""What members have for points where they pay in another currency than the program's (semantics
G1, C4): what it is there, at which rate, and why it is not to be had."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Final, NamedTuple

from regulars.base.faults import Invalid
from regulars.engine.calendar import local
from regulars.engine.compiling.rates import rate_on
from regulars.engine.terms import Version
from regulars.records.program.parts.rewards import Reward


class Abroad(NamedTuple):
    """A currency in which something is told, and what it counts."""

    currency: str = ""
    """The program's own, unless said."""
    rate: Fraction = Fraction(1)
    """So many of our minor units for one of theirs."""

    def counts(self, minor: int) -> int:
        """What so much of it counts in the program's currency, rounded down once.

        Example: 4.99 USD at 0.90 are 4.49 EUR.
        """
        return minor * self.rate.numerator // self.rate.denominator


HOME: Final = Abroad()


def abroad(version: Version, currency: str, at: datetime, field: str) -> Abroad | Invalid:
    """A currency and its rate on the local day of `at`.

    Faults: a currency, or a day, for which the program has no rate, at `field`.
    """
    own = version.program.currency
    if currency in ("", own):
        return HOME
    if currency not in version.program.currencies:
        says = f"this program does not know {currency}; ask in {own}, or add it to `currencies:`"
        return Invalid(says, field=field, currency=currency)
    rate = rate_on(version.compiled.rates, currency, local(version.zone, at).day)
    if rate is None:
        says = f"this program has no rate for {currency} on this day; ask in {own}"
        return Invalid(says, field=field, currency=currency)
    return Abroad(currency, rate)


def pays_not(version: Version, currency: str, wallet: str, at: datetime) -> Invalid | None:
    """Why nothing of a basket in this currency is paid with points, or from a gift balance.

    Faults: Invalid at the field.
    """
    found = abroad(version, currency, at, "/pay/basket/currency")
    if isinstance(found, Invalid) or found is HOME:
        return found if isinstance(found, Invalid) else None
    own, said = version.program.currency, version.program.paying
    if wallet:
        says = f"a gift balance holds {own}; it pays for no basket in {currency}"
        return Invalid(says, field="/pay/wallet", currency=currency)
    if said is not None and currency not in said.in_currency:
        says = f"points pay for no basket in {currency}; ask in {own}, or add it to"
        says += " `paying: {in_currency: …}`"
        return Invalid(says, field="/pay/basket/currency", currency=currency)
    return None


def worth_not(version: Version, reward: Reward, currency: str, at: datetime) -> Invalid | None:
    """Why a reward is not to be had in this currency.

    Faults: Invalid at the field.
    """
    found = abroad(version, currency, at, "/currency")
    if isinstance(found, Invalid):
        return found
    if found is HOME or currency in reward.in_currency:
        return None
    says = f"{reward.id} has no worth in {currency}; ask in {version.program.currency}, or add"
    says += f" `{currency}` to its `in_currency:`"
    return Invalid(says, field="/currency", currency=currency)
