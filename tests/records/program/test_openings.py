"""A shop opens with a ready-made program in its own language, money and name."""

from __future__ import annotations

import re

import pytest

from regulars.engine.checking import mending
from regulars.engine.checking.admission import admit
from regulars.engine.checking.mending import opening
from regulars.records.program.problems import ProgramFault
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template, template_names
from regulars.records.program.templates.fitting import USUAL, Place
from regulars.records.program.translations import in_language, places

MEASURING = frozenset(("bench", "retail"))
NAMES = sorted(set(template_names()) - MEASURING)
SHOPS = {
    "de": Place("Bäckerei Yılmaz", "EUR", "Europe/Berlin", "DE", "de"),
    "tr": Place("Simit Evi", "TRY", "Europe/Istanbul", "TR", "tr"),
    "ar": Place("مخبز النور", "KWD", "Asia/Kuwait", "KW", "ar"),
    "en": Place("Kissa Momo", "JPY", "Asia/Tokyo", "JP", "en"),
}


OF_MONEY = re.compile(
    r"(?i)\d|\b(euros?|dollars?|pounds?|pfund|avro|sterlin|dolar)\b|يورو|جنيه|دولار"
)
"""What a sentence says otherwise in another currency."""


@pytest.mark.parametrize("language", SHOPS)
@pytest.mark.parametrize("name", NAMES)
def test_a_template_opens_in_every_language_without_a_warning(name: str, language: str) -> None:
    """Red before: a shop in German could not open with a template that was there in German."""
    shop = SHOPS[language]
    admission = admit(opening(name, "ours", shop))
    assert admission.warnings == ()
    program = admission.program
    assert sorted(program.translations) == sorted({"en", "de", "tr", "ar"} - {language})
    template = read_program(load_template(name))
    said = places(in_language(template, language))
    told = places(program)
    assert set(told) == set(said)
    other = [place for place, text in told.items() if place != "name" and text != said[place]]
    assert [place for place in other if not OF_MONEY.search(said[place])] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_shop_has_its_own_name_in_every_language(name: str) -> None:
    program = read_program(opening(name, "ours", SHOPS["de"]))
    for language in ("de", "en", "tr", "ar"):
        assert in_language(program, language).name == "Bäckerei Yılmaz"


def test_amounts_in_sentences_are_in_the_money_of_the_shop_as_each_language_writes_them() -> None:
    here = Place("Momo", "KWD", "Asia/Kuwait", "KW", "de")
    program = read_program(opening("cashback", "ours", here))
    said = {one: in_language(program, one).rewards[0].name for one in ("de", "en", "tr", "ar")}
    assert said == {
        "de": "5,000 Rabatt",
        "en": "5.000 off",
        "tr": "5,000 indirim",
        "ar": "خصم 5.000",
    }
    yen = read_program(opening("coffee-shop", "ours", SHOPS["en"]))
    assert in_language(yen, "de").rules[0].says == "1 Punkt je 100, die du ausgibst"


def test_a_unit_of_money_of_the_template_is_that_of_the_shop_in_every_language() -> None:
    yen = read_program(opening("prime", "ours", SHOPS["en"]))
    said = [in_language(yen, one).rules[0].says for one in ("en", "de", "tr", "ar")]
    assert said == [
        "1 point for each 100", "1 Punkt je 100", "Her 100 için 1 puan", "نقطة واحدة لكل 100",
    ]  # fmt: skip
    foreign = re.compile(OF_MONEY.pattern.replace(r"\d|", ""))
    for name in NAMES:
        program = read_program(opening(name, "ours", SHOPS["en"]))
        for language in ("en", "de", "tr", "ar"):
            words = places(in_language(program, language)).values()
            assert [text for text in words if foreign.search(text)] == [], (name, language)


def test_a_step_more_generous_is_said_in_every_language() -> None:
    program = read_program(opening("coffee-shop", "ours", SHOPS["de"], USUAL + 1))
    said = [in_language(program, one).rules[0].says for one in ("de", "en", "tr", "ar")]
    assert said == [
        "1 Punkt je 0,50, die du ausgibst",
        "1 point for each 0.50 you spend",
        "Harcadığınız her 0,50 için 1 puan",
        "نقطة واحدة لكل 0.50 تنفقه",
    ]
    back = read_program(opening("cashback", "ours", SHOPS["de"], USUAL + 1))
    said = [in_language(back, one).rules[0].says for one in ("de", "en", "tr", "ar")]
    assert [re.findall(r"\d+", one)[0] for one in said] == ["4"] * 4


def test_a_text_that_stayed_in_english_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the trade, a German shop is refused what it chose."""
    monkeypatch.setattr(mending, "spoken", lambda source: source)
    with pytest.raises(ProgramFault) as refused:
        admit(opening("coffee-shop", "ours", SHOPS["de"]))
    assert "is the language this file is written in" in str(refused.value.problems)
