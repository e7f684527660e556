"""The loyalty number: twelve digits, the last of which catches a slip of the finger."""

from __future__ import annotations

LENGTH = 12

# The weakly totally anti-symmetric quasigroup of order 10 by H. M. Damm.
_DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def with_check_digit(digits: str) -> str:
    """Finish a loyalty number: eleven digits, and the one that proves them.

    Source: H. M. Damm, Total anti-symmetrische Quasigruppen, 2004; ADR 0020 says why not Luhn.
    Example: `with_check_digit("57200000000")` is `"572000000002"`.
    """
    assert len(digits) == LENGTH - 1, digits
    assert _plain(digits), digits
    assert digits[0] != "0", digits
    return digits + check_digit(digits)


def is_valid(number: str) -> bool:
    """Whether somebody can have this number: no digit was mistyped, no two neighbours swapped."""
    whole = len(number) == LENGTH and _plain(number) and number[0] != "0"
    return whole and check_digit(number) == "0"


def check_digit(digits: str) -> str:
    """The digit that proves these; "0" when they already end in theirs.

    Example: `check_digit("572")` is `"4"`, and `check_digit("5724")` is `"0"`.
    """
    interim = "0"
    for digit in digits:
        interim = _DAMM[int(interim)][int(digit)]
    return interim


def _plain(text: str) -> bool:
    return text.isascii() and text.isdigit()
