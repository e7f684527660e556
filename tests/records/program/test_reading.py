"""Reading a program file: what is understood, what is refused, and where the finger points."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from regulars.records.program.problems import Problem, ProgramFault
from regulars.records.program.reading import read, read_program
from regulars.records.program.templates import load_template, template_names
from regulars.records.program.types import Fixed, Multiply

HEAD = """\
regulars: 1
program: small
name: Small
currency: EUR
zone: Europe/Berlin
wallets:
  points: {}
"""


def problems(text: str | bytes) -> list[Problem]:
    with pytest.raises(ProgramFault) as raised:
        read_program(text)
    assert raised.value.code == "bad_program"
    return list(raised.value.problems)


def rule(award: str) -> str:
    return f"{HEAD}rules:\n  - id: r\n    on: purchase\n    wallet: points\n    award: {award}\n"


def test_the_smallest_program() -> None:
    program = read_program(HEAD)
    assert (program.program, list(program.wallets), program.rules) == ("small", ["points"], ())


@pytest.mark.parametrize("name", template_names())
def test_json_says_the_same_as_yaml(name: str) -> None:
    text = load_template(name)

    class Text(yaml.SafeLoader):
        pass

    # Everything as text but whole numbers and switches, as our own reader does.
    Text.yaml_implicit_resolvers = {}
    for tag, pattern, first in (
        ("tag:yaml.org,2002:int", r"^[0-9]+$", "0123456789"),
        ("tag:yaml.org,2002:bool", r"^(true|false)$", "tf"),
    ):
        Text.add_implicit_resolver(tag, re.compile(pattern), list(first))
    as_json = json.dumps(yaml.load(text, Loader=Text))
    assert read_program(as_json) == read_program(text)


def test_words_that_old_yaml_took_for_switches_stay_words() -> None:
    program = read_program(rule("{give: fixed, points: 1}").replace("purchase", "off"))
    assert program.rules[0].on == "off"
    assert read_program(HEAD.replace("Small", "no")).name == "no"


def test_amounts_with_a_point_stay_text_to_the_last_digit() -> None:
    by = read_program(rule("{give: multiply, by: 1.10}")).rules[0].award
    assert by == Multiply(by="1.10")
    points = read_program(rule("{give: fixed, points: 5}")).rules[0].award
    assert points == Fixed(points=5)


@pytest.mark.parametrize(
    "amount", ["017", "0x1F", "1_000", "1e3", "12:30", "+5", "-5", ".5", "5.", "１２", "1,5", "-0"]
)
def test_amounts_in_any_other_spelling_are_refused(amount: str) -> None:
    (problem,) = problems(rule(f"{{give: fixed, points: {json.dumps(amount)}}}"))
    assert problem.path == "rules[0].award.points"
    bare = [] if amount == "1,5" else problems(rule(f"{{give: fixed, points: {amount}}}"))
    assert all(p.path.startswith("rules[0].award") for p in bare)


def test_several_problems_are_told_at_once_each_on_its_line() -> None:
    text = HEAD.replace("EUR", "euro") + (
        "rules:\n"
        "  - id: Happy Hour\n"
        "    on: purchase\n"
        "    walet: points\n"
        "    award: {give: per_amont, points: 1}\n"
        "  - id: b\n"
        "    on: purchase\n"
        "    wallet: points\n"
        "    award: {give: fixed}\n"
        "    when: {if: weekday, in: [mon, tus]}\n"
    )
    told = [(p.line, p.path, p.mend) for p in problems(text)]
    assert told == [
        (4, "currency", "write three capital letters such as EUR"),
        (
            9,
            "rules[0]",
            "add `wallet:` (small letters and digits with hyphens, such as happy-hour)",
        ),
        (9, "rules[0].id", "write small letters and digits with hyphens, such as happy-hour"),
        (11, "rules[0].walet", "did you mean wallet?"),
        (12, "rules[0].award.give", "did you mean per_amount?"),
        (16, "rules[1].award", "add `points:` (a plain amount such as 100 or 9.99)"),
        (17, "rules[1].when.in[1]", "did you mean tue?"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, 1, "no program"),
        ("just words", 1, 1, "no program"),
        ("- a\n- b", 1, 1, "no program"),
        (HEAD + "name: Twice\n", 8, 1, "stands here twice"),
        ('{"regulars": 1, "regulars": 1}', 1, 17, "stands here twice"),
        (HEAD + "locale: &x en\n", 8, 9, "anchors"),
        (HEAD + "locale: *x\n", 8, 9, "aliases"),
        (HEAD + "<<: {}\n", 8, 1, "merge keys"),
        (HEAD + "locale: !!python/name:os.system\n", 8, 9, "tag"),
        (HEAD + "locale: ! en\n", 8, 9, "tag"),
        (HEAD + "1: one\n", 8, 1, "key must be text"),
        (HEAD + "true: one\n", 8, 1, "key must be text"),
        (HEAD + "? [a, b]\n: one\n", 8, 3, "key must be a word"),
        (HEAD + "locale: .nan\n", 8, 9, "not a number"),
        (HEAD + "locale: -.INF\n", 8, 9, "not a number"),
        (HEAD + "---\n" + HEAD, 8, 1, "second document"),
        (HEAD + "cases: " + "[" * 40, 8, 39, "32 levels"),
        (HEAD + "locale: 'en\n", 9, 1, "not YAML"),
        (HEAD + "\tlocale: en\n", 8, 1, "not YAML"),
        ("a: \x00", 1, 1, "character"),
        (b"name: \xff", 1, 1, "UTF-8"),
        ("name: \ud800", 1, 1, "UTF-8"),
        (HEAD + "cases: [" + "1," * 40_000 + "1]", 8, 79975, "40000 words"),
        ("# " + "x" * 256 * 1024, 1, 1, "256 KB"),
        ("# " + "é" * 128 * 1024, 1, 1, "256 KB"),
        (HEAD.replace("regulars: 1", "regulars: 2"), 1, 11, "2 is not one of the choices"),
        (HEAD.replace("regulars: 1", "regulars: true"), 1, 11, "not one of the choices"),
        (HEAD.replace("  points: {}", "  points:"), 7, 10, "nothing stands here"),
        (HEAD.replace("  points: {}", "  {}"), 7, 3, "is empty"),
        (HEAD.replace("points: {}", "points: {scale: 7}"), 7, 19, "too large"),
        (HEAD.replace("points: {}", "points: {scale: true}"), 7, 19, "whole number"),
        (HEAD.replace("points: {}", "points: {scale: 1.0}"), 7, 19, "whole number"),
        (HEAD.replace("small", '"small\\n"'), 2, 10, "line break"),
    ],
)
def test_what_is_refused_and_where(text: str | bytes, line: int, column: int, words: str) -> None:
    first = problems(text)[0]
    assert words in first.says
    assert (first.line, first.column) == (line, column)


def test_an_alias_bomb_goes_off_nowhere() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{n}: &{n} [*{o}, *{o}]\n" for o, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    (problem,) = problems(bomb)
    assert "anchors" in problem.says


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read_program("\ufeff" + HEAD) == read_program(HEAD)
    assert read_program(b"\xef\xbb\xbf" + HEAD.encode()) == read_program(HEAD)


def test_every_value_of_a_template_has_its_place() -> None:
    text = load_template("bronze-silver-gold")
    reading = read(text)
    lines = text.splitlines()
    for place, each in enumerate(reading.program.rules):
        mark = reading.marks.of(("rules", place, "id"))
        assert lines[mark.line - 1][mark.column - 1 :].startswith(each.id)


def test_the_message_names_the_first_problem_and_counts_the_rest() -> None:
    with pytest.raises(ProgramFault) as raised:
        read_program(HEAD.replace("EUR", "x").replace("small", "S"))
    says = raised.value.says
    assert says.startswith("The program file has a problem at line 2, column 10: program:")
    assert says.endswith("— and 1 more")


def test_unreadable_text_in_a_message_is_made_harmless() -> None:
    problem, _ = problems(HEAD.replace("small", '"\\u001b[31mred' + "x" * 500 + '"'))
    assert "\x1b" not in str(problem)
    assert len(str(problem)) < 250


def test_the_list_of_problems_ends_somewhere() -> None:
    many = HEAD + "".join(f"field-{n}: 1\n" for n in range(5000))
    assert len(problems(many)) == 50
    assert len(problems(HEAD + "cases:\n" + "  - 1\n" * 5000)) == 50
