"""By which rule a number ends, so that one that was mistyped is told from one that nobody has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from regulars.records.members.number import check_digit


def ends_right(rule: str, number: str) -> bool:
    """Whether a number ends as its rule has it; blanks and hyphens between digits do not matter.

    Source: `luhn` is ISO/IEC 7812-1 annex B, `damm` that of our own numbers (ADR 0020), `mod7` the
    last digit as the rest of all before it divided by 7, as on tickets of airlines, `mod97` two
    digits by ISO/IEC 7064.
    Example: by `luhn` 79927398713 ends right and 79927398710 does not; by `mod7` 12345672 (1234567
    is 176366 times 7 and 5 more) does not, and 12345675 does.
    """
    digits = number.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) >= _SHORTEST):
        return rule == "none"
    return _RULES[rule](digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


_SHORTEST: Final = 3
_RULES: Final[dict[str, Callable[[str], bool]]] = {
    "none": lambda digits: True,
    "luhn": _luhn,
    "damm": lambda digits: check_digit(digits) == "0",
    "mod7": lambda digits: int(digits[:-1]) % 7 == int(digits[-1]),
    "mod97": lambda digits: int(digits) % 97 == 1,
}
