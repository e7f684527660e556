"""Numbers and names as a shop owner reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from msgspec import Struct

from regulars.base.decimals import text_of
from regulars.base.money import decimals
from regulars.engine.calendar import first_of
from regulars.records.program.types import Program
from regulars.records.program.wallets import Period

LOCALE: Final = "en_GB"
MECHANICAL: Final = "Worked out"
ASSUMED: Final = "Assumed"


class Section(Struct, frozen=True):
    """One table: whether it is worked out or assumed, a sentence, headings, rows."""

    title: str
    kind: str
    says: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    words: int = 1
    """So many columns from the left are words, the others numbers."""


def day(on: date) -> str:
    """A day as it is written, such as 31 March 2026; it does not break over lines."""
    return str(format_date(on, "long", locale=LOCALE)).replace(" ", "\u00a0")


def stretch(per: Period, number: int) -> str:
    """The day, week, month or year that a budget counts under a number; none where it never ends.

    Example: 202653 of weeks is the week from 28 December 2026.
    """
    first = first_of(per, number)
    if not first:
        return "ever"
    on = date.fromordinal(first)
    if per == "month":
        return str(format_date(on, "LLLL y", locale=LOCALE)).replace(" ", "\u00a0")
    if per == "year":
        return str(on.year)
    return f"week from {day(on)}" if per == "week" else day(on)


def number(count: int) -> str:
    """A whole number with its thousands apart."""
    return str(format_decimal(count, locale=LOCALE))


def points(units: int, wallet: str, program: Program) -> str:
    """Points of a wallet with its decimals."""
    known = program.wallets.get(wallet)
    return str(format_decimal(Decimal(text_of(units, known.scale if known else 0)), locale=LOCALE))


def money(minor: Fraction | int, program: Program) -> str:
    """An amount of money, to its smallest coin."""
    scale = decimals(program.currency)
    exact = Fraction(minor)
    coins = (Decimal(exact.numerator) / exact.denominator).quantize(Decimal(1), ROUND_HALF_EVEN)
    return str(format_currency(coins.scaleb(-scale), program.currency, locale=LOCALE))


def per_cent(part: Fraction | int, whole: Fraction | int) -> str:
    """A share, to a tenth of a per cent."""
    if not whole:
        return "–"
    exact = Fraction(part) / Fraction(whole) * 100
    shown = (Decimal(exact.numerator) / exact.denominator).quantize(Decimal("0.1"))
    return f"{shown} %"


def signed(text: str, amount: Fraction | int) -> str:
    """A difference with its sign."""
    return f"+{text}" if amount > 0 else text
