"""What a draft is warned of is said in every language: no warning is plain English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from regulars.records.program.checks.spending.fairness import FAIR
from regulars.records.program.problems import worded
from regulars.records.program.reading import problems_of, read
from regulars.surfaces.console.terms.segments.words import FINDINGS
from regulars.surfaces.in_words.warned import MENDS, WARNINGS, warnings_in_words
from regulars.surfaces.ui.reader import Reader
from regulars.surfaces.ui.words import catalogue

SLIP = """
regulars: 1
program: slip
name: Slip
currency: EUR
zone: Europe/Berlin
wallets: {points: {}}
rules:
  - id: once
    on: visit
    wallet: points
    award: {give: fixed, points: 5}
    limits: [{per: ever, times: 1}]
rewards:
  - {id: car, name: A car, price: {points: 500}}
"""
TOP = Path(str(files("regulars")))
ROOMS = ("records/program", "engine/changing", "engine/checking", "flows/terms")


@cache
def functions() -> list[tuple[str, ast.AST]]:
    return list(_functions())


def _functions() -> Iterator[tuple[str, ast.AST]]:
    for room in ROOMS:
        for path in sorted((TOP / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{path.relative_to(TOP)}:{node.name}", node


def calls(node: ast.AST, name: str) -> Iterator[ast.Call]:
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == name:
            yield one


def warnings(node: ast.AST) -> Iterator[ast.Call]:
    for call in calls(node, "Finding"):
        if any(isinstance(arg, ast.Constant) and arg.value == "warning" for arg in call.args):
            yield call


def mends() -> Iterator[str]:
    """How what is warned of is mended, before names and numbers are put in."""
    for where, node in functions():
        texts = _texts(TOP / where.partition(":")[0])
        inside = _assigned(node)
        for call in warnings(node):
            mend = call.args[2]
            if isinstance(mend, ast.Name):
                before = [(line, said) for name, line, said in inside if name == mend.id]
                before = [one for one in before if one[0] < call.lineno] or texts[mend.id]
                mend = max(before, key=lambda one: one[0])[1]
            if isinstance(mend, ast.Call):
                assert isinstance(mend.func, ast.Name), where
                assert mend.func.id == "worded", where
                mend = mend.args[0]
            if isinstance(mend, ast.Attribute):  # of what is given each time: any of these
                yield from (one.value for name in texts for _, one in texts[name] if "MEND" in name)
                continue
            assert isinstance(mend, ast.Constant), f"{where} is mended in English only"
            yield mend.value


@cache
def _texts(path: Path) -> dict[str, list[tuple[int, Any]]]:
    """What is said by name in a file, or in the one it is taken from."""
    found: dict[str, list[tuple[int, Any]]] = {"FAIR": [(0, ast.Constant(FAIR))]}
    for name, line, said in _assigned(ast.Module(ast.parse(path.read_text()).body, [])):
        if isinstance(said, ast.Constant) and isinstance(said.value, str):
            found.setdefault(name, []).append((line, said))
    return found


def _assigned(node: ast.AST) -> list[tuple[str, int, ast.AST]]:
    return [
        (target.id, one.lineno, one.value)
        for one in ast.walk(node)
        if isinstance(one, ast.Assign | ast.AnnAssign) and one.value is not None
        for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
        if isinstance(target, ast.Name)
    ]


def plain(node: ast.AST) -> Iterator[int]:
    """The lines on which something is warned of in English only."""
    said = {(name, line): value for name, line, value in _assigned(node)}
    for call in warnings(node):
        says: ast.AST = call.args[1]
        if isinstance(says, ast.Name):
            before = [line for name, line in said if name == says.id and line < call.lineno]
            says = said[says.id, max(before)]
        if not list(calls(says, "worded")):
            yield call.lineno


def test_every_warning_can_be_said_in_another_language() -> None:
    assert {where: lines for where, node in functions() if (lines := list(plain(node)))} == {}
    told = {
        call.args[0].value
        for _, node in functions()
        for call in calls(node, "worded")
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert told - FINDINGS - MENDS == WARNINGS, "what segments are refused for is beside"
    assert set(mends()) == MENDS


@pytest.mark.parametrize("language", ["de", "tr", "ar"])
def test_every_warning_and_its_mend_are_in_the_catalogues(language: str) -> None:
    kept = catalogue(language)
    assert {one for one in WARNINGS | MENDS if kept.gettext(one) == one} == set()
    code = re.compile(r"`[^`]*`|%\(\w+\)s")
    for one in MENDS:
        assert set(code.findall(one)) <= set(code.findall(kept.gettext(one))), one


def test_a_plain_one_is_noticed() -> None:
    bad = ast.parse(
        'def f():\n says = worded("a")\n says = f"b"\n Finding((), says, "", "warning")'
    )
    good = ast.parse('def f():\n Finding((), worded("a"), "", "warning")\n Finding((), "b", "c")')
    assert (list(plain(bad)), list(plain(good))) == ([4], [])


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", 'nobody can ever have this much in "points"'),
        ("de", 'so viel kann niemand je in "points" haben'),
        ("tr", 'hiç kimsenin "points" cüzdanında bu kadarı olamaz'),
        ("ar", 'لا يمكن لأحد أن يملك هذا القدر في "points"'),
    ],
)
def test_a_warning_is_said_as_it_was_found(language: str, says: str) -> None:
    slips = problems_of(read(SLIP))
    reader = Reader(language, "UTC")
    assert says in [one.says for one in warnings_in_words(reader, slips)]


def test_names_and_numbers_are_put_into_a_mend() -> None:
    slips = problems_of(
        read(SLIP.replace("wallets: {points: {}}", "wallets: {points: {kind: cashback}}"))
    )
    told = {one.says: one.mend for one in warnings_in_words(Reader("de", "UTC"), slips)}
    assert told["Geld in EUR hat so viele Nachkommastellen: 2"] == "schreibe `scale: 2`"
    assert any(one.mend == "write `scale: 2`" for one in slips), "on its own it stays English"


def test_an_english_sentence_is_what_it_was() -> None:
    said = worded("points worth %(percent)s %% of a sale", percent=12)
    assert (said, said.text) == (
        "points worth 12 % of a sale",
        "points worth %(percent)s %% of a sale",
    )


GUIDE = TOP.parents[1] / "docs/guides/owner/changing-terms.md"


def names_of_warnings() -> set[str]:
    """The first word of each name a warning has, wherever one is found."""
    found = {"liability"}
    for _, node in functions():
        if not (list(calls(node, "Finding")) or list(calls(node, "Problem"))):
            continue
        for one in ast.walk(node):
            first = one.values[0] if isinstance(one, ast.JoinedStr) and one.values else one
            text = first.value if isinstance(first, ast.Constant) else None
            if isinstance(text, str) and re.fullmatch(r"[a-z_]+:[a-z.]*", text):
                found.add(text.partition(":")[0])
    return found


def test_the_guide_lists_every_warning_that_has_a_name() -> None:
    names = names_of_warnings() | {"share"}
    assert {"unbounded", "worth", "ladder", "newer", "lapsing_money", "liability"} <= names
    told = GUIDE.read_text("utf-8")
    assert {name for name in names if not re.search(rf"^\| `{name}(:|`)", told, re.M)} == set()
