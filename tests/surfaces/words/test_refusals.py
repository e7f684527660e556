"""Whatever is refused is told on every screen in the reader's language, with its numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from regulars.base.faults import Forbidden, Invalid, Outage, Refused
from regulars.surfaces.api.catalogue import CATALOGUE
from regulars.surfaces.in_words.refusals import (
    NO_SCREEN,
    OF_RECORDS,
    SAID,
    WITH_NUMBERS,
    by_code,
    for_device,
    told_to,
)
from regulars.surfaces.ui.reader import Reader
from regulars.surfaces.ui.words import LANGUAGES, PSEUDO, catalogue

OTHERS = sorted(LANGUAGES.keys() - {"en"})
_PLACE = re.compile(r"%\((\w+)\)s")


def lacking(codes: set[str]) -> set[str]:
    """The codes that no screen has words for."""
    return codes - SAID.keys() - NO_SCREEN


def test_every_code_the_house_knows_has_words_for_screens() -> None:
    assert lacking(set(CATALOGUE)) == set()
    assert not NO_SCREEN & SAID.keys()
    assert SAID.keys() | NO_SCREEN == set(CATALOGUE), "a code that nobody knows any more"
    assert WITH_NUMBERS.keys() <= SAID.keys()
    # The control: a code of tomorrow would be seen.
    assert lacking({*CATALOGUE, "a_code_of_tomorrow"}) == {"a_code_of_tomorrow"}


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_said_in_every_language_with_its_places(language: str) -> None:
    kept = catalogue(language)
    for text in (*SAID.values(), *OF_RECORDS.values(), *WITH_NUMBERS.values()):
        said = kept.gettext(text)
        assert said != text, f"{language} lacks {text!r}"
        assert set(_PLACE.findall(said)) == set(_PLACE.findall(text)), (language, said)


def test_a_sentence_is_plain_begins_large_and_ends_without_a_stop() -> None:
    for text in (*SAID.values(), *WITH_NUMBERS.values()):
        assert text[:1].isupper() or text[:1] == "%", text
        assert not text.endswith("."), text
        assert len(text) <= 80, text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "At most 1,250.5 at once; ask a colleague to grant more"),
        ("de", "Höchstens 1.250,5 auf einmal; bitte jemanden, mehr zu genehmigen"),
        ("tr", "Bir kerede en çok 1.250,5; fazlası için bir iş arkadaşınızdan onay isteyin"),
        (PSEUDO, None),
    ],
)
def test_numbers_are_written_as_read_there(language: str, said: str | None) -> None:
    no = Refused("above_limit", "at most 12505 at once", {"limit": 12505, "wallet": "points"})
    told = told_to(Reader(language), no, {"points": 1})
    assert told == said if said else told.startswith("⟦")


def test_days_and_minutes_are_written_as_read_there() -> None:
    facts = {"again_at": datetime(2026, 12, 1, 12, tzinfo=UTC).isoformat()}
    assert by_code(Reader("de"), "too_soon", facts) == "So bald noch nicht wieder; ab 01.12.2026"
    facts = {"again_at": datetime(2026, 11, 30, 23, 30, tzinfo=UTC)}
    berlin = Reader("en", "Europe/Berlin")
    assert by_code(berlin, "too_soon", facts) == "Not again so soon; from 1 Dec 2026 on"
    tried = {"retry_after_seconds": 61}
    assert by_code(Reader("tr"), "too_many_tries", tried).endswith("2 dk bekleyin")


def test_without_its_numbers_a_refusal_is_told_plainly() -> None:
    assert by_code(Reader("de"), "not_enough_points", {}) == "Nicht genug Punkte"
    assert by_code(Reader("de"), "not_now", {"until_on": "2026-01-01"}) == "Nicht zu dieser Zeit"
    assert by_code(Reader("de"), "a_code_of_tomorrow", {}) == ""


def test_what_a_flow_says_is_kept_where_it_has_words() -> None:
    role = Forbidden("Your role does not show or do this; ask an owner.")
    assert told_to(Reader("de"), role).startswith("Deine Rolle")
    strange = Invalid("a text no catalogue has", field="/name")
    assert told_to(Reader("en"), strange) == "A text no catalogue has"
    assert told_to(Reader("de"), strange) == catalogue("de").gettext(SAID["invalid"])
    away = Outage("the database is away; try again in a moment")
    assert told_to(Reader("ar"), away) == catalogue("ar").gettext(SAID["unavailable"])
    tomorrow = Refused("a_code_of_tomorrow", "not today")
    assert told_to(Reader("en"), tomorrow) == "Not today"


def test_a_device_gets_the_sentences_with_their_places_open() -> None:
    told = for_device(Reader("de"))
    assert told["not_enough_points"] == [
        "Nicht genug Punkte: %(available)s sind da",
        "Nicht genug Punkte",
    ]
    assert told["fork"] == ["Zwei Geräte haben als diese Kasse gebucht"]
