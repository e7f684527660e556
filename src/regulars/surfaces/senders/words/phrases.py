"""The phrases of messages in a language: ours, and where a shop has its own, those."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from msgspec import Struct

from regulars.base.languages import LANGUAGES
from regulars.surfaces.senders.words.english import ENGLISH

_PLACE = re.compile(r"\{(\w+)\}")


class Phrases(Struct, frozen=True):
    """How messages are said to one reader."""

    language: str
    locale: str
    says: Mapping[str, str]

    def say(self, key: str, **words: str) -> str:
        """The phrase of this key with its places filled.

        Only names are filled in: own words are a shop's and never a format of Python's.
        """
        return _PLACE.sub(lambda found: words.get(found[1], ""), self.says[key])

    def number(self, text: str, decimals: int | None = None) -> str:
        """Decimal text as it is written there; with so many decimals, where it is said."""
        pattern = None if not decimals else f"#,##0.{'0' * decimals}"
        number = format_decimal(
            Decimal(text), pattern, locale=self.locale, decimal_quantization=False
        )
        return str(number)

    def plural(self, text: str) -> str:
        """Of decimal text the category of Unicode: zero, one, two, few, many or other."""
        return str(Locale.parse(self.locale.replace("-", "_")).plural_form(Decimal(text)))

    def day(self, day: date) -> str:
        """A day as it is written there."""
        return str(format_date(day, "long", locale=self.locale))

    def clock(self, at: datetime) -> str:
        """The time of day as it is written there, by the clock of the shop."""
        return str(format_time(at, "short", locale=self.locale))

    def listed(self, parts: list[str]) -> str:
        """These together: "a, b and c"."""
        return str(format_list(parts, locale=self.locale))


def phrases_for(
    language: str, otherwise: str, own: Mapping[tuple[str, str], str] | None = None
) -> Phrases:
    """How messages are said to somebody who reads this language, else the shop's (`otherwise`).

    Order: a language we write in, else the shop's, else English; `de-AT` is German with Austrian
    days and numbers. A shop's own words go before ours, phrase by phrase.
    """
    if not own:
        return _ours(language, otherwise)
    locale = _locale(language) or _locale(otherwise) or Locale("en")
    mine = {phrase: said for (one, phrase), said in (own or {}).items() if one == locale.language}
    says = MappingProxyType({**catalogue(locale.language), **mine})
    return Phrases(str(locale).replace("_", "-"), str(locale), says)


@lru_cache(maxsize=64)  # asked for by every letter of a campaign
def _ours(language: str, otherwise: str) -> Phrases:
    locale = _locale(language) or _locale(otherwise) or Locale("en")
    says = catalogue(locale.language)
    return Phrases(str(locale).replace("_", "-"), str(locale), says)


@lru_cache(maxsize=8)
def catalogue(language: str) -> Mapping[str, str]:
    """Every phrase in one of `LANGUAGES`, by key."""
    if language == "en":
        return ENGLISH
    with files(__package__).joinpath(f"{language}.po").open("rb") as text:
        kept = read_po(text, locale=language)
    said = {str(one.context): str(one.string) for one in kept if one.context}
    return MappingProxyType({**ENGLISH, **said})


@lru_cache(maxsize=128)
def _locale(language: str) -> Locale | None:
    try:
        locale = Locale.parse(language.replace("_", "-"), sep="-")
    except (ValueError, TypeError, UnknownLocaleError):
        return None
    return locale if locale.language in LANGUAGES else None
