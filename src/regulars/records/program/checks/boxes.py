"""The space of all activities, cut down by conditions: what is left when they hold together.

A box is a range for each thing a condition may ask. `any` and `not` make several boxes; where
they would become too many, a condition is taken as one that leaves everything (so a rule is
never called unreachable by mistake).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.money import decimals
from regulars.records.program.checks.walk import day_of, whole_of
from regulars.records.program.types import (
    All,
    AmountIs,
    AnyOf,
    ChannelIs,
    Condition,
    DatesAre,
    DetailIs,
    HourIs,
    MemberIs,
    Not,
    PlanIs,
    Program,
    StoreIs,
    TierIs,
    WeekdayIs,
)

MOST_BOXES: Final = 32
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NO_END: Final = 2**70
_Range = tuple[int, int]
_Word = tuple[str, Any]


class Words(Struct, frozen=True):
    """Which values one name may have: only these (when said), and none of those."""

    only: frozenset[_Word] | None = None
    never: frozenset[_Word] = frozenset()


class Box(Struct, frozen=True):
    """Ranges, both ends included; `words` is per channel, store, attribute or detail."""

    days: _Range
    tiers: _Range
    amount: _Range = (0, _NO_END)
    hours: frozenset[int] = frozenset(range(24))
    weekdays: frozenset[int] = frozenset(range(7))
    words: dict[tuple[str, str], Words] = {}


class Boxes:
    """Cuts boxes by the conditions of one program."""

    def __init__(self, program: Program) -> None:
        self._scale = decimals(program.currency)
        self._steps = [step.id for step in program.tiers.steps] if program.tiers else []
        days = (date.min.toordinal(), date.max.toordinal())
        self.everything = Box(days=days, tiers=(0, len(self._steps)))

    def window(self, from_on: str | None, until_on: str | None) -> Box:
        """Everything that happens in a rule's own period."""
        return replace(self.everything, days=_cut(self.everything.days, _days(from_on, until_on)))

    def inside(self, boxes: list[Box], other: Box) -> list[Box]:
        """What of these boxes lies in the days of another one."""
        return [replace(box, days=_cut(box.days, other.days)) for box in boxes]

    def narrow(self, condition: Condition, truth: bool, boxes: list[Box]) -> list[Box]:
        """What is left of the boxes where the condition is as told; nothing means never."""
        if isinstance(condition, Not):
            return self.narrow(condition.that, not truth, boxes)
        if isinstance(condition, All | AnyOf):
            every = isinstance(condition, All) is truth
            return (
                self._each(condition, truth, boxes)
                if every
                else self._some(condition, truth, boxes)
            )
        cuts = self.alive([cut for box in boxes for cut in self._leaf(condition, truth, box)])
        return cuts if len(cuts) <= MOST_BOXES else boxes

    def alive(self, boxes: list[Box]) -> list[Box]:
        """The boxes in which anything can happen at all."""
        return [box for box in boxes if not _empty(box)]

    def _each(self, condition: All | AnyOf, truth: bool, boxes: list[Box]) -> list[Box]:
        for part in condition.of:
            boxes = self.narrow(part, truth, boxes)
        return boxes

    def _some(self, condition: All | AnyOf, truth: bool, boxes: list[Box]) -> list[Box]:
        left = [box for part in condition.of for box in self.narrow(part, truth, boxes)]
        return left if len(left) <= MOST_BOXES else boxes

    def _leaf(self, condition: Condition, truth: bool, box: Box) -> list[Box]:
        if isinstance(condition, AmountIs):
            if condition.in_currency:
                return [box]  # another currency, another bound: nothing is ruled out by one amount
            low = whole_of(condition.at_least, self._scale) or 0
            high = whole_of(condition.at_most, self._scale)
            asked = (low, _NO_END if high is None else high)
            return [replace(box, amount=r) for r in _ranges(box.amount, asked, truth)]
        if isinstance(condition, DatesAre):
            asked = _days(condition.from_on, condition.until_on)
            return [replace(box, days=r) for r in _ranges(box.days, asked, truth)]
        if isinstance(condition, TierIs):
            if condition.at_least not in self._steps:
                return [box]
            asked = (self._steps.index(condition.at_least) + 1, len(self._steps))
            return [replace(box, tiers=r) for r in _ranges(box.tiers, asked, truth)]
        return [_sets(condition, truth, box)]


def _sets(condition: Condition, truth: bool, box: Box) -> Box:
    if isinstance(condition, HourIs):
        hours = frozenset(range(condition.from_, condition.until))
        return replace(box, hours=box.hours & hours if truth else box.hours - hours)
    if isinstance(condition, WeekdayIs):
        days = frozenset(map(_WEEKDAYS.index, condition.in_))
        return replace(box, weekdays=box.weekdays & days if truth else box.weekdays - days)
    if isinstance(condition, ChannelIs | StoreIs | MemberIs | DetailIs):
        return _words(box, _name_of(condition), condition.in_, truth)
    if isinstance(condition, PlanIs):
        return _words(box, ("plan", condition.runs), (True,), truth)
    return box


def _name_of(condition: ChannelIs | StoreIs | MemberIs | DetailIs) -> tuple[str, str]:
    if isinstance(condition, MemberIs):
        return "member", condition.attribute
    if isinstance(condition, DetailIs):
        return "detail", condition.detail
    return ("channel" if isinstance(condition, ChannelIs) else "store"), ""


def _words(box: Box, name: tuple[str, str], values: tuple[Any, ...], truth: bool) -> Box:
    named = frozenset((type(value).__name__, value) for value in values)
    old = box.words.get(name, Words())
    if truth:
        word = Words(named if old.only is None else old.only & named, old.never)
    else:
        word = Words(old.only, old.never | named)
    return replace(box, words={**box.words, name: word})


def _ranges(old: _Range, asked: _Range, truth: bool) -> list[_Range]:
    """The part of a range inside what is asked, or the parts before and after it."""
    if truth:
        return [_cut(old, asked)]
    if asked[0] > asked[1]:
        return [old]
    return [_cut(old, (old[0], asked[0] - 1)), _cut(old, (asked[1] + 1, old[1]))]


def _cut(one: _Range, other: _Range) -> _Range:
    return max(one[0], other[0]), min(one[1], other[1])


def _days(from_on: str | None, until_on: str | None) -> _Range:
    begin, end = day_of(from_on), day_of(until_on)
    low = begin.toordinal() if begin else date.min.toordinal()
    return low, end.toordinal() - 1 if end else date.max.toordinal()


def _empty(box: Box) -> bool:
    first, last = box.days
    if first > last or box.tiers[0] > box.tiers[1] or box.amount[0] > box.amount[1]:
        return True
    if not box.hours or not box.weekdays:
        return True
    # Ordinal 1 was a Monday; a period shorter than a week has not every weekday.
    if last - first < 6 and not any(
        (day - 1) % 7 in box.weekdays for day in range(first, last + 1)
    ):
        return True
    return any(w.only is not None and not (w.only - w.never) for w in box.words.values())
