"""Tuples that are made at once have all their values: nothing counts them as they are made."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from tests.tidy.source import ROOT

SOURCE = ROOT / "src" / "regulars"
MADE = "from regulars.base.named import made"


def _calls(text: str) -> Iterator[tuple[str, int, int]]:
    """The kind, how many values and the line of each tuple that is made at once; a value that is
    several is none that can be counted."""
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "made"
        ):
            kind, values = node.args
            assert isinstance(kind, ast.Name), node.lineno
            assert isinstance(values, ast.Tuple), node.lineno
            assert not any(isinstance(one, ast.Starred) for one in values.elts), node.lineno
            yield kind.id, len(values.elts), node.lineno


def _short(text: str, there: Any) -> list[str]:
    return [
        f"line {line}: {kind} has {len(getattr(there, kind)._fields)} values, not {count}"
        for kind, count, line in _calls(text)
        if count != len(getattr(there, kind)._fields)
    ]


def test_what_is_made_at_once_has_all_its_values() -> None:
    files = [one for one in SOURCE.rglob("*.py") if MADE in one.read_text()]
    seen = 0
    for file in files:
        module = ".".join(("regulars", *file.relative_to(SOURCE).with_suffix("").parts))
        there = import_module(module)
        assert _short(file.read_text(), there) == [], file
        seen += len(list(_calls(file.read_text())))
    assert seen >= 5, "where none is found, nothing is looked at"


def test_a_value_that_a_kind_got_since_is_missed() -> None:
    there = import_module("regulars.engine.deciding.booking")
    assert _short("made(Posting, (1, 11))", there) == ["line 1: Posting has 3 values, not 2"]
    with pytest.raises(AssertionError):
        _short("made(Posting, (*some,))", there)
