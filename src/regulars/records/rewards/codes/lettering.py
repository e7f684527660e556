"""How codes are written: signs that cannot be mistaken, and one that proves the rest."""

from __future__ import annotations

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U: none is read as another, and no word comes about by chance."""
SIGNS: Final = 15
BITS: Final = 5 * SIGNS
LONGEST: Final = 80
_MEANT: Final = str.maketrans("OIL", "011")
_APART: Final = str.maketrans("", "", " -\t")


def code_of(drawn: int) -> str:
    """The code for 75 random bits: fifteen signs and the sign that proves them.

    Example: `code_of(0)` is sixteen zeros; `code_of(1)` ends in "12".
    """
    assert 0 <= drawn < 1 << BITS, drawn
    total, parts = 0, []
    for shift, weighed in _WEIGHED:  # three signs at a time: a hundred thousand are made at once
        triple = drawn >> shift & 0x7FFF
        parts.append(_TRIPLES[triple])
        total ^= weighed[triple]
    return "".join(parts) + ALPHABET[total]


def proof(body: str) -> str:
    """The sign that catches one wrong sign, or two neighbours that changed places.

    Source: a Reed-Solomon check of one sign over the field of 32 elements (x^5 + x^2 + 1): each
    place has another power of x as its weight, so no two places weigh the same.
    """
    total = 0
    for sign in body:
        total = _doubled(total ^ ALPHABET.index(sign))
    return ALPHABET[total]


def is_ours(code: str) -> bool:
    """Whether we could have made this code: sixteen signs, the last of which proves the others."""
    return (
        len(code) == SIGNS + 1
        and all(sign in ALPHABET for sign in code)
        and proof(code[:-1]) == code[-1]
    )


def folded(text: str) -> str:
    """The code as it is looked up: capitals, without spaces and hyphens."""
    return text.upper().translate(_APART)


def meant(text: str) -> str:
    """The code of ours that was probably meant: O is a zero, I and L are ones."""
    return folded(text).translate(_MEANT)


def shown(code: str, printed: str) -> str:
    """The code as people read it: as it was uploaded, or ours in fours."""
    if printed:
        return printed
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def _doubled(value: int) -> int:
    """The product with x in the field of 32 elements."""
    twice = value << 1
    return twice ^ 0b100101 if twice & 32 else twice


def _times(value: int, doublings: int) -> int:
    for _ in range(doublings):
        value = _doubled(value)
    return value


def _weights(place: int) -> list[int]:
    """What each three signs from this place on add to the proof; the sum has no carry."""
    alone = [[_times(sign, SIGNS - place - nth) for sign in range(32)] for nth in range(3)]
    return [a ^ b ^ c for a in alone[0] for b in alone[1] for c in alone[2]]


_TRIPLES: Final = [a + b + c for a in ALPHABET for b in ALPHABET for c in ALPHABET]
_WEIGHED: Final = [(BITS - 15 - 5 * place, _weights(place)) for place in range(0, SIGNS, 3)]
