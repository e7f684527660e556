"""Codes as conditions: one of both ways, words that are some, and rewards that give codes."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.records.program.checks.walk import conditions_of
from regulars.records.program.parts.conditions import CodeIs
from regulars.records.program.parts.rewards import Code
from regulars.records.program.problems import Finding, Path, closest, shown
from regulars.records.program.types import Program


def coding(program: Program) -> Iterator[Finding]:
    """Codes of nothing, of two things, or of a reward that gives none."""
    for path, condition in conditions_of(program):
        if isinstance(condition, CodeIs):
            yield from _code(program, path, condition)


def _code(program: Program, path: Path, asked: CodeIs) -> Iterator[Finding]:
    if bool(asked.in_) == (asked.of is not None):
        says = "a code is one of some words, or one of a reward"
        yield Finding(path, says, "write one of `in:` and `of:`")
    for place, word in enumerate(asked.in_):
        if not word.strip(" -\t"):
            yield Finding((*path, "in", place), "this is no code", "write letters or digits")
    if asked.of is None:
        return
    given = {one.id: one for one in program.rewards if isinstance(one.gives, Code)}
    if asked.of not in given:
        known = any(one.id == asked.of for one in program.rewards)
        says = f"reward {shown(asked.of)} gives no codes" if known else ""
        says = says or f"there is no reward {shown(asked.of)}"
        mend = "write `gives: {kind: code}` there" if known else closest(asked.of, sorted(given))
        yield Finding((*path, "of"), says, mend)
