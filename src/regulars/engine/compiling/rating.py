"""A program with the rate tables of a later one, by which what happened already is rated anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from msgspec.structs import replace

from regulars.engine.compiling.compile import Compiled, compile_program
from regulars.records.program.types import ByTable, Program, Rule

Pair = tuple[int, int]
"""The version that decided, and the later one whose tables rate."""


class Rates(NamedTuple):
    """Whose tables hold for something that happened: of the version that says so, and by which
    version's it is rated then, which is 0 where they say what its own say."""

    by: int
    rated: int


class Rating(NamedTuple):
    """A version whose tables hold for what happened from a day on."""

    number: int
    since: datetime
    from_day: int
    kinds: frozenset[str]
    """The kinds of activities that a table of it rates otherwise than one before."""


def rates_from(program: Program) -> int | None:
    """From which day on what happened is rated anew; nothing for a version that names none."""
    day = program.changeover.rates_from_on
    return None if day is None else date.fromisoformat(day).toordinal()


def rates_of(before: Program, after: Program) -> list[Rule]:
    """The rules of a program whose rates are other ones in a later program: by tables of both."""
    news = {rule.id: rule.award for rule in after.rules}
    return [
        replace(rule, award=anew)
        for rule in before.rules
        if isinstance(rule.award, ByTable)
        and (anew := _with_rates(rule.award, news.get(rule.id))) != rule.award
    ]


def _with_rates(was: ByTable, news: object) -> ByTable:
    if not isinstance(news, ByTable):
        return was
    return replace(was, by=news.by, rows=news.rows, of=news.of, per=news.per)


def rated_anew(before: Compiled, after: Program) -> Compiled | None:
    """A version of before with the tables of a later one, and all else as it was; nothing where
    their tables say the same."""
    changed = {rule.id: rule for rule in rates_of(before.program, after)}
    if not changed:
        return None
    rules = tuple(changed.get(rule.id, rule) for rule in before.program.rules)
    return compile_program(replace(before.program, rules=rules))


def ratings(versions: Sequence[tuple[int, datetime, Program]]) -> Iterator[Rating]:
    """The versions that rate what happened before them, with since when they are in force and
    known, in the order in which they rule."""
    for place, (number, since, program) in enumerate(versions):
        day = rates_from(program)
        if day is not None:
            earlier = (one for _, _, one in versions[:place])
            kinds = {rule.on for one in earlier for rule in rates_of(one, program)}
            # Who takes tables back rates those who were rated by them, too.
            kinds |= {rule.on for rule in program.rules if isinstance(rule.award, ByTable)}
            yield Rating(number, since, day, frozenset(kinds))
