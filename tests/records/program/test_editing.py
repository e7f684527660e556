"""A program file is changed in one place; every other character stays as somebody wrote it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.records.program.parsing.editing import UneditableError, add, move, remove, rewrite
from regulars.records.program.parsing.nodes import parse
from regulars.records.program.parsing.spans import spans
from regulars.records.program.parsing.writing import word, written
from regulars.records.program.problems import Path
from regulars.records.program.templates import load_template, template_names

TEXTS = [load_template(name) for name in template_names()]
WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["1.00", "no", "on", "~", "12:30", "2026-01-31", "a: b", "- x", "#x", "'", '"',
                     "[x", "x,y", "{}", " x", "x ", "null", "true", "é ü", "!t", "&a", "*a", "%"]),
)  # fmt: skip


def _is_key(text: str) -> bool:
    return text != "" and not parse(f"{word(text)}: 1").problems


VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(0, 10**9), WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(WORDS.filter(_is_key), inner, max_size=3)
    ),
    max_leaves=6,
)


def leaves(value: Any, path: Path = ()) -> list[Path]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    return [
        found
        for name, one in inner
        for found in (
            leaves(one, (*path, name)) if isinstance(one, dict | list) else [(*path, name)]
        )
    ]


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_another_value_changes_its_own_characters_alone(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    path = data.draw(st.sampled_from(leaves(parse(text).value)))
    value = data.draw(WORDS)
    made = rewrite(text, path, value)
    there = spans(text)[path]
    before, after = text[: there.start], text[there.end :]
    assert made.startswith(before)
    assert made.endswith(after)
    assert rewrite(made, path, at(text, path)) is not None
    assert at(made, path) == value


def at(text: str, path: Path) -> Any:
    value = parse(text).value
    for step in path:
        value = value[step]
    return value


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_what_is_written_is_read_back_as_itself(value: Any) -> None:
    assert parse(f"x: {written(value)}").value == {"x": value}
    assert parse(f"x:\n  - y: {written(value)}").value == {"x": [{"y": value}]}


@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_there_and_back_is_the_same_file_to_the_character(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([one for one in TEXTS if len(at(one, ("rules",))) > 1]))
    newline = data.draw(st.sampled_from(["\n", "\r\n"]))
    text = text.replace("\n", newline)
    place = data.draw(st.integers(0, len(at(text, ("rules",))) - 2))
    assert move(move(text, ("rules", place), 1), ("rules", place), 1) == text
    assert move(move(text, ("rules", place), 1), ("rules", place + 1), -1) == text
    grown = add(text, ("rules",), {"id": "fresh-one", "award": {"give": "fixed", "points": 1}})
    assert remove(grown, ("rules", len(at(text, ("rules",))))) == text
    assert rewrite(text, ("rules", place), at(text, ("rules", place))) is text


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_what_is_taken_out_leaves_every_other_line(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([one for one in TEXTS if len(at(one, ("rules",))) > 1]))
    place = data.draw(st.integers(0, len(at(text, ("rules",))) - 1))
    rest = iter(text.splitlines())
    made = remove(text, ("rules", place)).splitlines()
    assert all(any(line == other for other in rest) for line in made)


CAFE = """# ours
rules:
  - id: one   # keep
    points: 1
  # about two
  - {id: two, points: 2}   # and this
tail: yes  # end"""


@pytest.mark.parametrize(
    ("do", "made"),
    [
        (lambda: rewrite(CAFE, ("rules", 0, "points"), "1.50"),
         CAFE.replace("points: 1\n", 'points: "1.50"\n')),
        (lambda: rewrite(CAFE, ("rules", 1), {"id": "two"}),
         CAFE.replace("{id: two, points: 2}", "{id: two}")),
        (lambda: rewrite(CAFE, ("rules", 0, "when"), {"if": "tier"}),
         CAFE.replace("points: 1\n", "points: 1\n    when: {if: tier}\n")),
        (lambda: remove(CAFE, ("rules", 1)), CAFE.replace(
            "  # about two\n  - {id: two, points: 2}   # and this\n", "")),
        (lambda: remove(CAFE, ("rules", 0, "id")), CAFE.replace("id: one   # keep\n    ", "")),
        (lambda: move(CAFE, ("rules", 1), -1), """# ours
rules:
  # about two
  - {id: two, points: 2}   # and this
  - id: one   # keep
    points: 1
tail: yes  # end"""),
        (lambda: add(CAFE, ("extra",), {"id": "x"}), CAFE + "\n\nextra:\n  - id: x"),
        (lambda: add(CAFE, ("rules",), {"id": "x", "points": [1]}),
         CAFE.replace("and this\n", "and this\n  - id: x\n    points: [1]\n")),
        (lambda: rewrite("a:\n- b: 1\n- b: 2\nc: 3", ("a",), ["x"]), "a: [x]\nc: 3"),
        (lambda: rewrite("a:\nb: 2", ("a",), "x"), "a: x\nb: 2"),
        (lambda: remove("a:\n  - 1\nb: 2", ("a", 0)), "a: []\nb: 2"),
        (lambda: add("a: []\nb: 2", ("a",), {"c": 1}), "a: [{c: 1}]\nb: 2"),
        (lambda: rewrite("a: |\n  one\n  two\n\nb: 2", ("a",), "x"), "a: x\n\nb: 2"),
    ],
)  # fmt: skip
def test_comments_order_and_quotes_stay(do: Any, made: str) -> None:
    assert do() == made


ROWS = """rules:
  - id: one
    limits:
      # ours
      - per: day   # a day
        points: 1
      # theirs
      - {per: week, points: 2}   # a week

      # of both
      - per: month   # a month
        points: 3
tail: yes"""


@pytest.mark.parametrize("gone", [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2)])
def test_a_row_that_is_taken_out_takes_its_own_comments_and_no_others(
    gone: tuple[int, ...],
) -> None:
    path = ("rules", 0, "limits")
    rows = at(ROWS, path)
    made = rewrite(ROWS, path, [row for place, row in enumerate(rows) if place not in gone])
    for place, told in enumerate((("ours", "a day"), ("theirs", "a week"), ("of both", "a month"))):
        for one in told:
            assert (f"# {one}" in made) == (place not in gone), made
    left = [place for place in range(3) if place not in gone]
    assert at(made, path) == [rows[place] for place in left]
    # Each comment stands by the row it was written for, also where a row is changed beside it.
    changed = rewrite(made, path, [row | {"points": 9} for row in at(made, path)])
    named = [line.partition("#")[2] for line in changed.splitlines() if "per:" in line]
    assert named == [(" a day", " a week", " a month")[place] for place in left]


def kept_breaks() -> str:
    """A text that keeps its last line breaks would lose them to a line put behind it."""
    return rewrite("a: |+\n  x\n\n", ("b",), 1)


@pytest.mark.parametrize(
    "do",
    [
        kept_breaks,
        lambda: rewrite("a: [", ("a",), 1),
        lambda: rewrite("a: &x 1\nb: *x", ("b",), 2),
        lambda: remove("a: [1]", ("a", 7)),
        lambda: remove("a: 1", ("b", 0)),
        lambda: move("a: [1, 2]", ("a", 1), 1),
        lambda: add("a: 1", ("b", "c"), {}),
    ],
)
def test_what_cannot_be_changed_surely_is_left_to_its_author(do: Any) -> None:
    refused(do)


def refused(do: Any) -> None:
    with pytest.raises(UneditableError):
        do()
