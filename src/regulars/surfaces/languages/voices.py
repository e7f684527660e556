"""A voice for each language: our phrases where there is a catalogue, numbers as read there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from gettext import c2py
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from regulars.base.languages import LANGUAGES
from regulars.engine.words.english import ENGLISH
from regulars.engine.words.voice import Voice

_COUNTS: Final = 200
"""Among so many first numbers each form of each of these languages comes up."""


@lru_cache(maxsize=128)
def voice_for(language: str) -> Voice:
    """How things are said in this language: `de-AT` speaks German and writes Austrian numbers.

    Order: the language itself, else English with the numbers of an English reader. The texts of
    a program may be in the language asked for all the same.
    """
    locale = _locale(language)
    if locale is None or locale.language not in LANGUAGES:
        locale = Locale("en")

    def number(text: str) -> str:
        said = str(format_decimal(Decimal(text), locale=locale, decimal_quantization=False))
        # A minus has no direction of its own: in a line of Arabic it would go behind its number.
        return said.replace("-", "\u200e-", 1) if locale.text_direction == "rtl" else said

    def money(amount: str, currency: str) -> str:
        return str(format_currency(Decimal(amount), currency, locale=locale))

    def day(iso: str) -> str:
        return str(format_date(date.fromisoformat(iso), "long", locale=locale))

    def plural(text: str) -> str:
        return str(locale.plural_form(Decimal(text)))

    return Voice(language, catalogue(locale.language), number, money, day, plural)


@lru_cache(maxsize=8)
def catalogue(language: str) -> Mapping[str, str]:
    """Every phrase in one of `LANGUAGES`, by key."""
    if language == "en":
        return ENGLISH
    with files(__package__).joinpath(f"{language}.po").open("rb") as text:
        kept = read_po(text, locale=language)
    said: dict[str, str] = {}
    for one in kept:
        if one.context and one.pluralizable:
            said |= _forms(kept, one)
        elif one.context:
            said[str(one.context)] = str(one.string)
    return MappingProxyType({**ENGLISH, **said})


def _forms(kept: Catalog, one: Message) -> dict[str, str]:
    """Every form of a phrase with a count, by its key and what Unicode calls the form."""
    index, locale = c2py(kept.plural_expr), kept.locale or Locale("en")
    said = tuple(one.string or ())
    found = {f"{one.context}|{locale.plural_form(n)}": said[index(n)] for n in range(_COUNTS)}
    return found | {str(one.context): said[-1]}


def _locale(language: str) -> Locale | None:
    try:
        return Locale.parse(language.replace("_", "-"), sep="-")
    except (ValueError, TypeError, UnknownLocaleError):
        return None
