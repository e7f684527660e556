"""A form of a name counts as the language does in which it was written, and keeps its sign."""

from __future__ import annotations

import re

import pytest

from regulars.engine.words.counting import counted, name_after
from regulars.records.program.reading import read_program
from regulars.records.program.translations import in_language
from regulars.records.program.wallets import Forms, Wallet
from regulars.surfaces.languages.voices import voice_for

SOUK = """
regulars: 1
program: souk
name: سوق
locale: ar
currency: EUR
zone: Europe/Berlin
wallets:
  points:
    {name: نقاط, one: نقطة, forms: {two: نقطتان, few: نقاط, many: نقطةً, other: نقطة, zero: نقطة}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
"""
KEPT = Wallet(name="نقاط", one="نقطة", forms=Forms(two="نقطتان", few="نقاط", other="نقطة"))


@pytest.mark.parametrize("language", ["de", "en", "tr"])
def test_forms_are_not_chosen_by_the_count_of_another_language(language: str) -> None:
    """German knows one and other only: it said 5 نقطة, which no Arab says."""
    kept = in_language(read_program(SOUK), language).wallets["points"]
    voice = voice_for(language)
    assert (kept.name, kept.one, kept.forms) == ("نقاط", "نقطة", Forms())
    assert name_after(kept, "points", "5", voice.plural) == "نقاط"
    assert name_after(kept, "points", "1", voice.plural) == "نقطة"


@pytest.mark.parametrize("language", ["ar", "ar-EG", "ar_SA"])
def test_in_their_own_language_they_stay(language: str) -> None:
    program = read_program(SOUK)
    assert in_language(program, language).wallets == program.wallets
    told = read_program(SOUK + "translations: {ar-EG: {name: السوق}, de: {name: Markt}}\n")
    assert in_language(told, language).wallets == program.wallets


def test_forms_that_were_translated_stay_where_the_file_has_none() -> None:
    own = re.sub(r"\{name: نقاط.*\n", "{name: Punkte, one: Punkt}\n", SOUK)
    theirs = "{wallets.points.name: نقاط, wallets.points.forms.few: نقاط}"
    told = read_program(own.replace("ar\n", "de\n") + f"translations: {{ar: {theirs}}}\n")
    assert in_language(told, "ar").wallets["points"].forms == Forms(few="نقاط")


@pytest.mark.parametrize(
    ("text", "says"), [("-2", ("-2", "نقطتان")), ("2", ("", "نقطتان")), ("-1", ("-1", "نقطة"))]
)
def test_what_is_taken_keeps_its_sign(text: str, says: tuple[str, str]) -> None:
    number, name = counted(KEPT, "points", text, voice_for("ar"))
    assert (number.replace("\u200e", "").replace("\u061c", ""), name) == says
