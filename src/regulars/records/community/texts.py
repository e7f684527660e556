"""Texts in several languages, and names: what may stand in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from regulars.base.languages import written_in

LONGEST: Final = 2_000
_CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# Signs that turn the order of what stands beside them; a text that keeps one open spoils a page.
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Lines, and what joins or parts letters of Persian and pictures of several people.
_JOINS: Final = frozenset("\n\t\u200c\u200d")


class Wrong(NamedTuple):
    """What is wrong, and where."""

    place: str
    says: str


def ill_named(code: str, name: str) -> Wrong | None:
    """What is wrong with the code and name of something."""
    if len(code) > 40 or _CODE.fullmatch(code) is None:
        return Wrong("/code", "A code has small letters, digits and hyphens, up to 40")
    if not (0 < len(name.strip()) <= 80 and name.isprintable()):
        return Wrong("/name", "Say in up to 80 letters what it is called")
    return None


def ill_told(texts: Mapping[str, str], place: str, own: str) -> Wrong | None:
    """What is wrong with a text; the language of the program is there, others may be."""
    if own not in texts:
        return Wrong(place, f"The language of the program is missing: {own}")
    for language, text in texts.items():
        if language not in written_in(own):
            return Wrong(place, f"It is written in {', '.join(written_in(own))}")
        if not is_plain(text, LONGEST):
            return Wrong(f"{place}/{language}", f"Plain text of up to {LONGEST} letters")
    return None


def is_plain(text: str, longest: int) -> bool:
    """Whether this is text that somebody may read: not empty, not too long, no odd signs."""
    odd = any(not (sign.isprintable() or sign in _JOINS) or sign in _TURNS for sign in text)
    return bool(text.strip()) and len(text) <= longest and not odd


def words_in(texts: Mapping[str, str], language: str, own: str) -> str:
    """A text in this language; where it is not written in that, in the program's."""
    return texts.get(language.partition("-")[0], texts.get(own, ""))
