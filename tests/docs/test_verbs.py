"""Wherever somebody is told to type a verb, there is such a verb with such options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from regulars.runtime.cli import build_command

ROOT = Path(__file__).parents[2]
TOLD = [
    path
    for pattern in ("README.md", "docs/**/*.md", "src/**/*.sql", "src/**/*.md", "src/**/*.html")
    for path in sorted(ROOT.glob(pattern))
]
# As it is quoted, or as it stands at the beginning of a line in a block.
_TYPED = re.compile(r"(?:`|^(?:\S*/)?)regulars ((?:[a-z][a-z-]*|--[a-z-]+)(?: [^`\n#|]*)?)", re.M)
_OPTION = re.compile(r"(?<!\S)--[a-z][a-z-]+")
_FIRST_LINE = "checkpoint 1"
"""How a signed note of the seal begins, which nobody types."""
COMMAND: Any = typer.main.get_command(build_command())


def typed(text: str) -> Iterator[str]:
    """What follows `regulars` wherever it is told to be typed."""
    return (found[1] for found in _TYPED.finditer(text) if found[1] != _FIRST_LINE)


def slips(line: str) -> list[str]:
    """Words of a line that no verb of ours knows."""
    verb, wrong = COMMAND, []
    options = set(_names(verb))
    words = line.split()
    for before, word in zip(["", *words], words, strict=False):
        is_value = before.startswith("--")
        if hasattr(verb, "commands") and re.fullmatch("[a-z][a-z-]*", word) and not is_value:
            verb = verb.commands.get(word)
            if verb is None:
                return [word]
            options |= set(_names(verb))
    wrong += [option for option in _OPTION.findall(line) if option not in options]
    return wrong


def _names(verb: Any) -> Iterator[str]:
    yield "--help"
    for parameter in verb.params:
        yield from (*parameter.opts, *parameter.secondary_opts)


def test_what_is_told_to_be_typed_can_be() -> None:
    said = {path: {line for line in typed(path.read_text("utf-8")) if slips(line)} for path in TOLD}
    assert {str(path.relative_to(ROOT)): wrong for path, wrong in said.items() if wrong} == {}


@pytest.mark.parametrize("line", ["rebuild --write", "program try --sales x.csv", "polish"])
def test_a_verb_that_is_not_there_would_be_noticed(line: str) -> None:
    assert slips(line) != []
    assert list(typed(f"Do: run `regulars {line}`.")) == [line]
