"""In how many parts a text message is sent: each is paid for.

Source: GSM 03.38 (3GPP TS 23.038, alphabet and extension table), 3GPP TS 23.040 (parts).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from msgspec import Struct

GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
DOUBLE: Final = frozenset("\f^{}\\[~]|€")
"""These take two places each."""
_PLACES: Final = {"gsm": (160, 153), "ucs2": (70, 67)}
"""Of one that is alone, and of each of several, which say which they are."""


class Parts(Struct, frozen=True):
    """So many parts, in the alphabet that the whole message needs."""

    count: int
    alphabet: Literal["gsm", "ucs2"]


def parts_of(text: str) -> Parts:
    """In how many parts a text goes out; one sign beyond the alphabet of telephones, as ş or an
    emoji, makes all of it longer.

    Keeps: a sign of two places is not cut in two, so a part may have one place left.
    Example: 160 plain letters are one part, 161 are two; 71 with an emoji among them are two.
    """
    plain = all(sign in GSM or sign in DOUBLE for sign in text)
    alone, each = _PLACES["gsm" if plain else "ucs2"]
    wide = [1 + (sign in DOUBLE if plain else ord(sign) > 0xFFFF) for sign in text]
    return Parts(1 if sum(wide) <= alone else _packed(wide, each), "gsm" if plain else "ucs2")


def _packed(wide: Iterable[int], each: int) -> int:
    parts, left = 1, each
    for places in wide:
        if places > left:
            parts, left = parts + 1, each
        left -= places
    return parts
