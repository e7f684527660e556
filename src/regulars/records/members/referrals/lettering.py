"""How codes are written, and when two devices are one."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXY"
"""Thirty-one signs, without I, L, O, U and Z: none is read as another."""
BASE: Final = len(ALPHABET)
SIGNS: Final = 7
BITS: Final = 34
"""2^34 is less than 31^7: every draw has a code of its own."""
LONGEST: Final = 40
_MEANT: Final = str.maketrans("OILZ", "0112", " -\t")


def code_of(drawn: int) -> str:
    """The code for 34 random bits: seven signs and the one that proves them.

    Example: `code_of(1)` is `"00000017"`.
    """
    assert 0 <= drawn < 1 << BITS, drawn
    signs = []
    for _ in range(SIGNS):
        drawn, sign = divmod(drawn, BASE)
        signs.append(ALPHABET[sign])
    body = "".join(reversed(signs))
    return body + proof(body)


def proof(body: str) -> str:
    """The sign that catches one wrong sign, or two that changed places.

    Source: a sum in the field of 31 elements in which each place has a weight of its own, as in
    ISBN-10 over 11.
    """
    total = sum((place + 1) * ALPHABET.index(sign) for place, sign in enumerate(body))
    return ALPHABET[total % BASE]


def is_ours(code: str) -> bool:
    """Whether we could have made this code."""
    whole = len(code) == SIGNS + 1 and all(sign in ALPHABET for sign in code)
    return whole and proof(code[:-1]) == code[-1]


def meant(text: str) -> str:
    """The code as it is looked up: capitals, no spaces; O is a zero, I and L are ones, Z a two."""
    return text.upper().translate(_MEANT)


def marks_of(program_id: int, told: Mapping[str, str]) -> tuple[str, ...]:
    """Digests of what the shop told: equal where two told the same, and nothing can be read back.

    Example: two newcomers whose `device` is the same text have one mark in common.
    """
    return tuple(
        f"{kind}:{sha256(f'{program_id}:{kind}:{_plain(text)}'.encode()).hexdigest()[:32]}"
        for kind, text in sorted(told.items())
        if _plain(text)
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
