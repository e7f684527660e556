"""Decimal text to whole numbers and back, exactly; the only door for amounts people write."""

from __future__ import annotations

import re
from functools import lru_cache

_DECIMAL = re.compile(r"(-?)([0-9]{1,15})(?:\.([0-9]{1,9}))?\Z", re.ASCII)


class NotExact(ValueError):
    """The text has more decimals than the unit knows, or is no plain decimal."""


@lru_cache(maxsize=4_096)  # a program's prices are asked for with each redemption
def units(text: str | int, scale: int) -> int:
    """How many of the smallest unit this amount is: "9.99" euro are 999 cents.

    Shape: `text` is a whole number or plain decimal text, ASCII digits only.
    Units: the result is in units of 10^-scale.
    Faults: NotExact when digits would have to be dropped or the text is something else.
    Example: `units("19.99", 2) == 1999` (`int(19.99 * 100)` would say 1998).
    """
    if isinstance(text, int):
        return text * _power(scale)
    match = _DECIMAL.match(text)
    if match is None:
        raise NotExact(f"{text!r} is not a plain decimal number such as 9.99")
    sign, whole, fraction = match.group(1), match.group(2), (match.group(3) or "").rstrip("0")
    if len(fraction) > scale:
        raise NotExact(f"{text!r} has more than {scale} decimals")
    number = int(whole) * _power(scale) + (int(fraction.ljust(scale, "0")) if scale else 0)
    return -number if sign else number


def _power(scale: int) -> int:
    power: int = 10**scale
    return power


def text_of(number: int, scale: int) -> str:
    """The decimal text of so many smallest units: 1999 at scale 2 is "19.99"."""
    sign, digits = ("-" if number < 0 else ""), str(abs(number)).rjust(scale + 1, "0")
    return sign + (f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits)
