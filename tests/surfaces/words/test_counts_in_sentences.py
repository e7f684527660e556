"""A count stands in the form its language takes for it: one day, two days, three, eleven, 100."""

from __future__ import annotations

import pytest

from regulars.records.program.reading import read_program
from regulars.surfaces.in_words.games import game_in_words
from regulars.surfaces.in_words.rewards import benefit_in_words
from regulars.surfaces.in_words.rules import rule_in_words
from regulars.surfaces.languages.voices import voice_for

BAKERY = """
regulars: 1
program: bakery
name: Bakery
currency: EUR
zone: Europe/Berlin
wallets:
  points: {name: Points, one: Point}
rules:
  - id: twice
    on: purchase
    wallet: points
    award: {give: fixed, points: 2}
    when: {if: days_since, attribute: joined, at_least: 3, before: 11}
    limits: [{per: week, times: 2}]
benefits:
  - {id: cake, name: Cake, birthday: {days_before: 2, days_after: 1}, guests: {most: 2}}
challenges:
  - {id: loaf, name: Loaf, target: 2, measure: deeds, within: 1 day, counts: {on: purchase},
     prize: {badge: Baker}}
"""
SPANS = {
    "en": {"0": "0 days", "1": "1 day", "2": "2 days", "11": "11 days"},
    "de": {"1": "1 Tag", "2": "2 Tagen"},
    "tr": {"1": "1 gün", "5": "5 gün"},
    "ar": {"1": "يوم واحد", "2": "يومين", "3": "3 أيام", "10": "10 أيام", "11": "11 يومًا",
           "99": "99 يومًا", "100": "100 يوم", "103": "103 أيام", "1.5": "1.5 يوم"},
}  # fmt: skip


@pytest.mark.parametrize("language", SPANS)
def test_so_many_days_are_said_as_people_count_there(language: str) -> None:
    voice = voice_for(language)
    assert {count: voice.span(count, "day") for count in SPANS[language]} == SPANS[language]


def test_a_rule_a_challenge_and_a_benefit_count_in_arabic() -> None:
    """Arabic said "3 يوم" for "3 أيام" and "2 مرات" for "مرتان"."""
    program = read_program(BAKERY)
    voice = voice_for("ar")
    assert rule_in_words(program, program.rules[0], voice) == (
        "2 Points عن كل شراء بعد 3 أيام من joined وقبل مرور 11 يومًا، مرتان على الأكثر في الأسبوع"
    )
    assert "خلال يوم واحد" in game_in_words(program, program.challenges[0], voice)
    said = benefit_in_words(program, program.benefits[0], voice)
    assert "(من يومين قبله إلى يوم واحد بعده)" in said
    assert said.endswith("مع ضيفين على الأكثر")


def test_one_is_said_as_one_in_english_and_german() -> None:
    program = read_program(BAKERY)
    said = [game_in_words(program, program.challenges[0], voice_for(one)) for one in ("en", "de")]
    assert "within 1 day:" in said[0]
    assert "innerhalb von 1 Tag:" in said[1]
    german = benefit_in_words(program, program.benefits[0], voice_for("de"))
    assert "(von 2 Tagen davor bis 1 Tag danach)" in german
