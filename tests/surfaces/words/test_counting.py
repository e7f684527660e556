"""So many of a wallet: the name reads right after 0, 1, 2, 3, 11 and 100, in each language."""

from __future__ import annotations

import re

import pytest

from regulars.engine.words.counting import counted, name_after
from regulars.engine.words.explain import amount_in_words
from regulars.records.program.reading import read_program
from regulars.records.program.templates import load_template, template_names
from regulars.records.program.templates.speaking import spoken
from regulars.records.program.translations import in_language
from regulars.records.program.wallets import Forms, Wallet
from regulars.surfaces.languages.voices import voice_for

ARABIC = voice_for("ar")
CATEGORIES = {"0": "zero", "1": "one", "2": "two", "3": "few", "11": "many", "100": "other"}
"""As Unicode has them for Arabic."""
TOLD = [one for one in template_names() if "\n  ar:\n" in load_template(one)]
WALLETS = [(one, id_) for one in TOLD for id_ in read_program(load_template(one)).wallets]
_ARABIC_LETTER = re.compile(r"[\u0600-\u06ff]")


def test_all_seventeen_are_told_in_arabic() -> None:
    assert len(TOLD) == 17


@pytest.mark.parametrize(("text", "category"), CATEGORIES.items())
def test_the_categories_are_those_of_unicode(text: str, category: str) -> None:
    assert ARABIC.plural(text) == category


@pytest.mark.parametrize(("template", "id_"), WALLETS)
def test_every_template_has_a_form_for_every_number_in_arabic(template: str, id_: str) -> None:
    kept = in_language(read_program(load_template(template)), "ar").wallets[id_]
    assert kept.one, "the name of one is its own word"
    for text, category in CATEGORIES.items():
        said = name_after(kept, id_, text, ARABIC.plural)
        told = kept.one if category == "one" else getattr(kept.forms, category)
        assert said == told, (text, said)
        assert _ARABIC_LETTER.search(said), said
    plural, single = kept.forms.few, kept.one
    # Only from 3 to 10 there are several: after 11 and 100 stands one again.
    assert kept.forms.other == single
    assert kept.forms.many.rstrip("ًا") in (single, single.rstrip("ًا")) or "ًا" in kept.forms.many
    if kept.scale == 0:
        assert plural not in (single, kept.forms.two)
        assert kept.forms.two != single


@pytest.mark.parametrize(
    ("text", "says"),
    [("0", "0 نقطة"), ("1", "1 نقطة"), ("2", "نقطتان"), ("3", "3 نقاط"), ("11", "11 نقطة"),
     ("100", "100 نقطة"), ("103", "103 نقاط"), ("111", "111 نقطة"), ("102", "102 نقطة")],
)  # fmt: skip
def test_points_in_arabic(text: str, says: str) -> None:
    program = in_language(read_program(load_template("coffee-shop")), "ar")
    assert amount_in_words(program, "points", int(text), ARABIC) == says


@pytest.mark.parametrize("language", ["en", "de", "tr"])
def test_other_languages_have_one_and_many(language: str) -> None:
    for template, id_ in WALLETS:
        kept = in_language(read_program(load_template(template)), language).wallets[id_]
        voice = voice_for(language)
        assert kept.forms == Forms(), "these need no more forms"
        many = {name_after(kept, id_, text, voice.plural) for text in CATEGORIES if text != "1"}
        assert many == {kept.name or id_}
        assert name_after(kept, id_, "1", voice.plural) == kept.one or kept.name
        # In Turkish the noun stays as it is after a number.
        if language == "tr":
            assert not re.search(r"l[ae]r\b", kept.name), kept.name


def test_of_two_the_number_is_left_out_only_where_the_word_says_it() -> None:
    kept = Wallet(name="نقاط", one="نقطة", forms=Forms(two="نقطتان", few="نقاط"))
    assert counted(kept, "points", "2", ARABIC) == ("", "نقطتان")
    assert counted(kept, "points", "5", ARABIC) == ("5", "نقاط")
    money = Wallet(name="رصيد", scale=2, forms=Forms(two="من الرصيد"))
    assert counted(money, "money", "2.00", ARABIC) == (ARABIC.number("2.00"), "من الرصيد")
    bare = Wallet(name="Points", one="Point")
    assert counted(bare, "points", "2", ARABIC) == ("2", "Points")


def test_forms_of_one_language_are_none_of_another() -> None:
    program = read_program(
        "regulars: 1\nprogram: p\nname: P\ncurrency: EUR\nzone: UTC\nlocale: ar\n"
        "wallets: {points: {name: نقاط, one: نقطة, forms: {other: نقطة, few: نقاط}}}\n"
        "translations: {en: {name: P, wallets.points.name: Points, wallets.points.one: Point}}\n"
    )
    there = in_language(program, "en").wallets["points"]
    assert name_after(there, "points", "100", voice_for("en").plural) == "Points"
    assert in_language(program, "ar").wallets["points"].forms.other == "نقطة"


@pytest.mark.parametrize("template", TOLD)
def test_a_shop_that_opens_in_arabic_has_the_same_forms(template: str) -> None:
    text = load_template(template)
    there = in_language(read_program(text), "ar").wallets
    locale = re.sub(r"(?m)^locale: .*$", "locale: ar", text)
    opened = read_program(spoken(locale if "locale:" in text else text + "locale: ar\n"))
    assert opened.locale == "ar"
    for id_, kept in opened.wallets.items():
        assert (kept.name, kept.one, kept.forms) == (
            there[id_].name, there[id_].one, there[id_].forms,
        )  # fmt: skip
        assert in_language(opened, "en").wallets[id_].forms == Forms()
