"""The words of the screens in every language: one small catalogue beside each face.

A template or a page function writes English inside `_()`; `<face>/words/<language>.po` says it in
another language. The words of rules, tiers and refusals have their own catalogues (`languages/`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Any, Final, NamedTuple

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from regulars.surfaces.ui.assets import FACES

SOURCES: Final = (*FACES, "senders", "in_words", "in_words/reports", "in_words/monthly")
"""The faces, and others, that may have a folder `words`."""
LANGUAGES: Final = {"en": "English", "de": "Deutsch", "tr": "Türkçe", "ar": "العربية"}
"""What somebody can choose, each by its own name."""
PSEUDO: Final = "en-XA"
"""Not a language: English made longer and marked, to see what was never given to translators."""
RIGHT_TO_LEFT: Final = frozenset({"ar"})
_FIRST: Final = "de"
"""A catalogue that lacks no sentence; none does, a test sees to it."""

_ACCENTED = str.maketrans("AEIOUaeiouncsyz", "ÀÉÎÕÛàéîõûñçšýž")
_PLACES = re.compile(r"%\(\w+\)s|%%|&\w+;|<[^>]*>")


class Said(NamedTuple):
    """How a screen speaks: one sentence, or one of several by a count."""

    one: Callable[..., str]
    many: Callable[..., str]


@lru_cache(maxsize=8)
def said_in(language: str) -> Said:
    """The words of a language; what is not there yet is said in English.

    Example: `said_in("de").many("%(n)s visit", "%(n)s visits", 2, n="2")` is `2 Besuche`.
    """
    if language == PSEUDO:
        return _saying(NullTranslations(), pseudo)
    return _saying(catalogue(language), lambda text: text)


@lru_cache(maxsize=8)
def catalogue(language: str) -> NullTranslations:
    """Every sentence of the screens in this language, with as many forms as its counts take."""
    kept = NullTranslations()
    for face in SOURCES:
        path = files("regulars.surfaces").joinpath(face, "words", f"{language}.po")
        if path.is_file():
            kept = _with(path.read_bytes(), language, kept)
    return kept


@lru_cache(maxsize=1)
def sentences() -> frozenset[str]:
    """Every English sentence of the screens that translators were given, both forms of a count."""
    found: set[str] = set()
    for face in SOURCES:
        path = files("regulars.surfaces").joinpath(face, "words", f"{_FIRST}.po")
        if path.is_file():
            for one in read_po(BytesIO(path.read_bytes()), locale=_FIRST):
                found.update((one.id,) if isinstance(one.id, str) else one.id)
    return frozenset(found)


def _with(po: bytes, language: str, before: NullTranslations) -> NullTranslations:
    packed = BytesIO()
    write_mo(packed, read_po(BytesIO(po), locale=language))
    packed.seek(0)
    found = GNUTranslations(packed)
    found.add_fallback(before)
    return found


def pseudo(text: str) -> str:
    """English that shows whether it was given to translators, and whether there is room.

    Example: `pseudo("Hi %(name)s")` is `⟦Hî %(name)s ··⟧`.
    """
    parts, at = [], 0
    for place in _PLACES.finditer(text):
        parts += [text[at : place.start()].translate(_ACCENTED), place.group()]
        at = place.end()
    parts.append(text[at:].translate(_ACCENTED))
    return f"⟦{''.join(parts)} {'·' * max(2, len(text) // 3)}⟧"


def _saying(kept: NullTranslations, end: Callable[[str], str]) -> Said:
    def one(text: str, **places: Any) -> str:
        found = end(kept.gettext(text))
        return found % places if places else found.replace("%%", "%")

    def many(single: str, several: str, count: int, **places: Any) -> str:
        return end(kept.ngettext(single, several, count)) % places

    return Said(one, many)
