"""Every part of a program with its place, so that checks need not know the tree's shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from regulars.base.decimals import NotExact, units
from regulars.records.program.problems import Finding, Path, shown
from regulars.records.program.types import All, AnyOf, Condition, Not, Program, Rule


def rules_of(program: Program) -> Iterator[tuple[Path, Rule]]:
    """Each rule with its place."""
    for place, rule in enumerate(program.rules):
        yield ("rules", place), rule


def conditions_of(program: Program) -> Iterator[tuple[Path, Condition]]:
    """Each single condition of each rule with its place, however deep it stands."""
    for path, rule in rules_of(program):
        if rule.when is not None:
            yield from _leaves((*path, "when"), rule.when)


def _leaves(path: Path, condition: Condition) -> Iterator[tuple[Path, Condition]]:
    if isinstance(condition, All | AnyOf):
        for place, part in enumerate(condition.of):
            yield from _leaves((*path, "of", place), part)
    elif isinstance(condition, Not):
        yield from _leaves((*path, "that"), condition.that)
    else:
        yield path, condition


def day_of(text: str | None) -> date | None:
    """The day this text names, or nothing when it names none."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def days_at_least(words: str) -> int:
    """The fewest days that such a length of time can have."""
    count, unit = words.split()
    return int(count) * {"day": 1, "week": 7, "month": 28, "year": 365}[unit.rstrip("s")]


def whole_of(amount: str | int | None, scale: int) -> int | None:
    """The amount in smallest units, or nothing when it does not fit them."""
    if amount is None:
        return None
    try:
        return units(amount, scale)
    except NotExact:
        return None


def twice(part: Path, ids: Sequence[str], name: str = "id") -> Iterator[Finding]:
    """Each of these ids that another part of the same list has already, with the lines of both."""
    first: dict[str, int] = {}
    for place, id_ in enumerate(ids):
        if id_ in first:
            says = f"the id {shown(id_)} is already taken"
            mend = "give it another id"
            if name != "id":
                says, mend = f"{shown(id_)} is there already", "say it once"
            also = (*part, first[id_], name)
            yield Finding((*part, place, name), says, mend, also=also)
        first.setdefault(id_, place)
