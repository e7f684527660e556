"""What the steps of ladders take, in words members read."""

from regulars.engine.words.voice import PLAIN
from regulars.records.program.reading import read_program
from regulars.surfaces.in_words.rules import rule_in_words
from regulars.surfaces.in_words.tiers import further_in_words, step_in_words
from regulars.surfaces.languages.voices import voice_for

PROGRAM = read_program("""
regulars: 1
program: corner
name: Corner
currency: EUR
zone: Europe/Berlin
wallets: {points: {}, stars: {kind: status, name: Stars}}
rules:
  - {id: friend, on: purchase, wallet: points, award: {give: fixed, points: 10},
     when: {if: tier, at_least: friend}}
tiers:
  or_by: {measure: visits}
  steps: [{id: silver, at: "500.00", or_at: 20}, {id: gold, at: "1500.00"}]
ladders:
  club: {name: The club, measure: visits,
     steps: [{id: guest, at: 1}, {id: friend, name: Friend, at: 5}]}
  stars: {measure: status, wallet: stars, or_by: {measure: activities, kinds: [review]},
     steps: [{id: star, at: 7, or_at: 2}]}
""")


def test_what_a_step_takes_is_said_of_each_measure() -> None:
    assert PROGRAM.tiers is not None
    silver, gold = PROGRAM.tiers.steps
    assert step_in_words(PROGRAM, silver, PLAIN) == "500.00 EUR or 20 visits"
    assert step_in_words(PROGRAM, gold, voice_for("de")) == "1.500,00\N{NO-BREAK SPACE}€"
    assert step_in_words(PROGRAM, silver, voice_for("de")).endswith("€ oder 20 Besuche")
    assert step_in_words(PROGRAM, silver, voice_for("tr")).endswith("veya 20 ziyaret")


def test_further_ladders_say_what_their_steps_take() -> None:
    assert further_in_words(PROGRAM) == [
        ("The club: guest", "1 visit"),
        ("The club: Friend", "5 visits"),
        ("stars: star", "7 Stars or 2 activities"),
    ]


def test_a_rule_names_the_step_of_a_further_ladder() -> None:
    assert rule_in_words(PROGRAM, PROGRAM.rules[0]) == "10 points for each purchase from Friend on"
