"""Sentences in every language: complete, with their places, and numbers as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from msgspec.structs import replace

from regulars.engine.words.english import ENGLISH
from regulars.records.program.reading import read_program
from regulars.records.program.types import Program
from regulars.surfaces.in_words.rules import rule_in_words
from regulars.surfaces.languages.voices import LANGUAGES, catalogue, voice_for

OTHERS = [one for one in LANGUAGES if one != "en"]
PROGRAM = """
regulars: 1
program: corner
name: Corner
currency: EUR
zone: Europe/Berlin
wallets:
  points: {name: Points, one: Point}
tiers: {steps: [{id: gold, name: Gold, at: "1500.00"}]}
rules:
  - {id: a, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.50"}}
  - id: b
    on: purchase
    wallet: points
    award: {give: multiply, by: "1.5"}
    when: {if: weekday, in: [sat, sun]}
    limits: [{per: month, points: 1200}]
  - id: c
    on: review
    wallet: points
    award: {give: fixed, points: 20}
    when:
      if: all
      of: [{if: tier, at_least: gold}, {if: not, that: {if: store, in: [airport]}}]
    limits: [{per: week, times: 2}]
  - id: d
    on: purchase
    wallet: points
    award: {give: per_item, points: 1, categories: [coffee], every: 3}
    from_on: 2026-12-01
    until_on: 2027-01-01
"""
GERMAN = """
translations:
  de: {name: Ecke, wallets.points.name: Punkte, wallets.points.one: Punkt}
"""


def places_of(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


def wrong(said: Mapping[str, str], phrase: Mapping[str, str]) -> list[str]:
    """Phrases that are missing, empty, or have other places than the English one."""
    return [
        key
        for key, english in phrase.items()
        if not said.get(key, "").strip() or places_of(said[key]) - _places(phrase, key)
    ]


def _places(phrase: Mapping[str, str], key: str) -> set[str]:
    """What may stand in a phrase; a form that is said of one count may leave its number out."""
    return places_of(phrase[key]) | places_of(phrase.get(key.partition("|")[0], ""))


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_phrase_with_its_places(language: str) -> None:
    assert wrong(catalogue(language), ENGLISH) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_is_of_the_english_as_it_is_today(language: str) -> None:
    place = files("regulars.surfaces.languages").joinpath(f"{language}.po")
    with place.open("rb") as text:
        kept = [one for one in read_po(text) if one.context]
    said = {one.context: one.id[-1] if one.pluralizable else one.id for one in kept}
    said |= {f"{one.context}|one": one.id[0] for one in kept if one.pluralizable}
    assert said == dict(ENGLISH)


@pytest.mark.parametrize("language", OTHERS)
def test_each_count_has_every_form_its_language_takes(language: str) -> None:
    forms = catalogue(language)
    counted = [key.partition("|")[0] for key in ENGLISH if key.endswith("|one")]
    takes = {voice_for(language).plural(str(n)) for n in range(200)}
    places = {f"{key}|{form}": places_of(ENGLISH[key]) for key in counted for form in takes}
    assert [one for one in places if not forms.get(one, "").strip()] == []
    assert [one for one, known in places.items() if places_of(forms[one]) - known] == []
    # Where many counts share a form, it has to say which.
    exact = {"one", "two"}
    assert [key for key in places if key.partition("|")[2] not in exact
            and places[key] - places_of(forms[key])] == []  # fmt: skip


@pytest.mark.parametrize("language", OTHERS)
def test_what_matters_is_not_left_out_by_a_translation(language: str) -> None:
    # A sentence may turn its parts round; numbers must be in it all the same.
    numbers = {"points", "given", "worth", "units", "exact", "amount", "times", "low", "high", "n"}
    lost = {
        key: lost
        for key, english in ENGLISH.items()
        if not key.endswith("|one")  # of one, Arabic may say "يوم واحد"
        if (lost := (places_of(english) & numbers) - places_of(catalogue(language)[key]))
    }
    assert lost == {}


def test_a_phrase_with_a_slip_is_found() -> None:
    assert wrong({"a": "{pionts}", "b": " "}, {"a": "{points}", "b": "x", "c": "y"}) == [
        "a",
        "b",
        "c",
    ]


@pytest.mark.parametrize(
    ("language", "number", "money", "day"),
    [
        ("en", "1,234.5", "€1,234.50", "March 2, 2026"),
        ("de", "1.234,5", "1.234,50\xa0€", "2. März 2026"),
        ("de-CH", "1’234.5", "EUR\xa01’234.50", "2. März 2026"),
        ("tr", "1.234,5", "€1.234,50", "2 Mart 2026"),
        ("ar", "1,234.5", "\u200f1,234.50\xa0€", "2 مارس 2026"),
        ("nonsense-language", "1,234.5", "€1,234.50", "March 2, 2026"),
    ],
)
def test_numbers_money_and_days_are_written_as_people_there_do(
    language: str, number: str, money: str, day: str
) -> None:
    voice = voice_for(language)
    written = (voice.number("1234.5"), voice.money("1234.50", "EUR"), voice.day("2026-03-02"))
    assert written == (number, money, day)


def promised(program: Program, language: str) -> list[str]:
    return [rule_in_words(program, rule, voice_for(language)) for rule in program.rules]


def test_rules_are_sentences_in_four_languages() -> None:
    program = read_program(PROGRAM)
    assert promised(program, "en") == [
        "1 Point for each €1.50",
        "Points × 1.5 on Saturday or Sunday, at most 1,200 Points a month",
        "20 Points for each review from Gold on and unless in airport, at most 2 times a week",
        "1 Point for each 3 of coffee from December 1, 2026 before January 1, 2027",
    ]
    assert promised(program, "de") == [
        "1 Point je 1,50\xa0€",
        "Points × 1,5 am Samstag oder Sonntag, höchstens 1.200 Points im Monat",
        "20 Points je Bewertung ab Stufe Gold und außer in airport, höchstens 2-mal in der Woche",
        "1 Point je 3 coffee ab 1. Dezember 2026 und vor dem 1. Januar 2027",
    ]
    assert promised(program, "tr") == [
        "Her €1,50 için 1 Point",
        "Points × 1,5; cumartesi veya pazar günü; ayda en çok 1.200 Points",
        "Her değerlendirme için 20 Points; Gold seviyesinden itibaren ve mağaza airport hariç; "
        "haftada en çok 2 kez",
        "Her 3 coffee için 1 Point; 1 Aralık 2026 ile 1 Ocak 2027 öncesi arası",
    ]
    assert promised(program, "ar") == [
        "1 Point لكل \u200f1.50\xa0€",
        "Points × 1.5 يوم السبت أو الأحد، 1,200 Points على الأكثر في الشهر",
        "20 Points عن كل تقييم ابتداءً من Gold وإلا في airport، مرتان على الأكثر في الأسبوع",
        "1 Point عن كل 3 من coffee من 1 ديسمبر 2026 وقبل 1 يناير 2027",
    ]


def test_the_shops_own_words_stay_its_own() -> None:
    program = read_program(PROGRAM)
    said = replace(program.rules[0], says="A point for every coin")
    assert rule_in_words(program, said, voice_for("de")) == "A point for every coin"
