"""What is wrong with a line of a file is said in the language of whoever reads it."""

import ast
from collections.abc import Iterator
from importlib.resources import files

import pytest

from regulars.records.imports.checks import CHECKS
from regulars.surfaces.console.errands.mistakes import in_words
from regulars.surfaces.ui.reader import Reader

MOVING = files("regulars.surfaces") / "connect" / "moving"
READS = ("cells", "fields", "history", "people", "points", "tables")
"""What reads the files that the console brings over."""
ELSEWHERE = ("Export the file again", "this key does not occur", "It is 7_ and 32")
"""What only exports of another system, or of ours, can have."""
GERMAN, ARABIC = Reader("de"), Reader("ar")


def sentences() -> Iterator[str]:
    """Everything that can be wrong with a line, with something in its places."""
    for name in READS:
        for call in ast.walk(ast.parse((MOVING / f"{name}.py").read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "Wrong":
                yield from (text for one in call.args[1:] if (text := plain(one)))
    for sql in CHECKS:
        for part in sql.split("'")[1::2]:
            if " " in part and part[0].isupper():
                yield part


def plain(told: ast.expr) -> str:
    if isinstance(told, ast.Constant):
        return str(told.value)
    if not isinstance(told, ast.JoinedStr):
        return ""
    parts = [one.value if isinstance(one, ast.Constant) else _sample(one) for one in told.values]
    text = "".join(str(one) for one in parts)
    return text if any(letter.isalpha() for letter in text) and text != "7" else ""


def _sample(place: ast.expr) -> str:
    return "tier" if "what" in ast.unparse(place) else "7"


@pytest.mark.parametrize("text", sorted(set(sentences())))
def test_every_mistake_of_a_line_is_said_in_the_language_of_its_reader(text: str) -> None:
    if text.startswith(ELSEWHERE) or text == "7: 7":
        return
    assert in_words(GERMAN, text) != text
    assert in_words(ARABIC, text) != text


def test_what_a_sentence_names_is_put_into_the_readers_own() -> None:
    said = in_words(GERMAN, "line 4 tells the same one differently (12 there, 15 here)")
    assert said == "Zeile 4 sagt dasselbe anders (dort 12, hier 15)"
    assert in_words(GERMAN, "'x' is too large") == "'x' ist zu groß"
    assert in_words(GERMAN, "nobody knows this sentence") == "nobody knows this sentence"
    assert in_words(Reader("en"), "this is empty") == "this is empty"
