"""Choices: there is something to choose from, in one period, and each has its own name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from regulars.records.program.parts.benefits import AroundBirthday
from regulars.records.program.problems import Finding, Path, shown, worded
from regulars.records.program.types import Program


class _Option(NamedTuple):
    path: Path
    id: str
    word: str
    per: str | None
    around: AroundBirthday | None
    """To which days around the birthday it is bound."""
    asks: str
    """What to add where there is no period."""


def choosing(program: Program) -> Iterator[Finding]:
    """Choices of one thing, without a period, or of things that are chosen for different ones."""
    found = list(_options(program))
    for one in found:
        others = [other for other in found if other.word == one.word and other.path != one.path]
        yield from _fits(one, others)


def _options(program: Program) -> Iterator[_Option]:
    for place, reward in enumerate(program.rewards):
        if reward.choose_one is not None:
            per: str | None = None if reward.limit is None else reward.limit.per
            asks = "add `limit: {times: 1, per: year}`"
            yield _Option(("rewards", place), reward.id, reward.choose_one, per, None, asks)
    for place, benefit in enumerate(program.benefits):
        if benefit.choose_one is not None:
            per = None if benefit.allowance is None else benefit.allowance.per
            asks = "add `allowance: {times: 1, per: year}`"
            about = (benefit.id, benefit.choose_one, per, benefit.birthday)
            yield _Option(("benefits", place), *about, asks)


def _fits(one: _Option, others: list[_Option]) -> Iterator[Finding]:
    where = (*one.path, "choose_one")
    if one.per is None:
        yield Finding(where, "a choice is made anew in each period, and there is none", one.asks)
        return
    if not others:
        says: str = worded("nothing else is chosen from under %(word)s", word=shown(one.word))
        yield Finding(where, says, "give another one the same word, or remove it", "warning")
    for other in others:
        if other.id == one.id:
            says = f"two things under {shown(one.word)} have the id {shown(one.id)}"
            yield Finding((*one.path, "id"), says, "give one of them another id")
            return
        if other.per is not None and other.per != one.per:
            says = f"{shown(other.id)} is chosen per {other.per}, this one per {one.per}"
            yield Finding(where, says, "use the same `per` for all that are chosen from")
            return
        if other.around != one.around:
            says = f"{shown(other.id)} is chosen around other days than this one"
            mend = "use the same `birthday:` for all that are chosen from, or for none"
            yield Finding(where, says, mend)
            return
