"""Translations must be in a language of the world and stand for a text that is there."""

from __future__ import annotations

from collections.abc import Iterator

from babel import Locale, UnknownLocaleError

from regulars.records.program.problems import Finding, Path, closest, shown, worded
from regulars.records.program.translations import places
from regulars.records.program.types import Program


def languages(program: Program) -> Iterator[Finding]:
    """Languages nobody speaks, places nobody wrote anything at, and texts that are missing."""
    known = places(program)
    for language, texts in program.translations.items():
        where: Path = ("translations", language)
        if not is_language(language):
            says = f"{shown(language)} is no language"
            yield Finding(where, says, "write one such as en, de or pt-BR")
        elif language == program.locale:
            says = f"{shown(language)} is the language this file is written in"
            yield Finding(where, says, "leave it out, or change the texts themselves")
        for place, text in texts.items():
            if place not in known:
                says = f"nothing members read stands at {shown(place)}"
                yield Finding((*where, place), says, closest(place, known))
            elif not text.strip():
                says = "a translation without words"
                yield Finding((*where, place), says, "write the text, or leave the place out")
        # How many forms a name has is a matter of each language.
        missing = [
            place
            for place, text in known.items()
            if text and place not in texts and not _is_form(place)
        ]
        if missing:
            says = worded(
                "%(n)s texts are not translated, the first is %(first)s",
                n=len(missing),
                first=missing[0],
            )
            mend = "add them, or members read these in the language of the file"
            yield Finding(where, says, mend, "warning")


def _is_form(place: str) -> bool:
    return place.startswith("wallets.") and (place.endswith(".one") or ".forms." in place)


def is_language(text: str) -> bool:
    """Whether this names a language, with or without script and region: `de`, `pt-BR`."""
    try:
        return bool(Locale.parse(text.replace("_", "-"), sep="-"))
    except (ValueError, TypeError, UnknownLocaleError):
        return False
