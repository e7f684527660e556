"""The `when` of a rule as source: one small function per condition, each gives one expression."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, Final, NamedTuple

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.compiling.asked import RUNS, plan_known_as
from regulars.engine.compiling.emit_facts import Sheet, goods, number
from regulars.records.activity.types import CODE, CODE_OF
from regulars.records.program.types import (
    All,
    AmountBounds,
    AmountIs,
    AnniversaryIs,
    AnyOf,
    BasketHas,
    ChannelIs,
    CodeIs,
    Condition,
    DatesAre,
    DaysSince,
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
from regulars.records.rewards.codes.lettering import folded

ALWAYS: Final = "True"
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DEEP: Final = 12
"""Brackets deeper than this are worked out beforehand; Python's own limit is 200."""
_BRACKETS: Final = re.compile("[()]").findall


class Terms(NamedTuple):
    """What conditions need to know of the program they stand in."""

    scale: int
    """Decimals of the currency."""
    standard: int
    """The place of the definition that `amount` conditions look at."""
    paid: int
    """The place of what was paid, in the currency in which it was paid."""
    tiers: tuple[str, ...]
    further: frozenset[str]
    """The steps of further ladders."""


def terms_of(program: Program) -> Terms:
    """The program as its conditions see it."""
    names = tuple(program.qualifying)
    steps = program.tiers.steps if program.tiers else ()
    return Terms(
        decimals(program.currency),
        names.index("standard") if "standard" in names else 0,
        len(names),
        tuple(step.id for step in steps),
        frozenset(step.id for ladder in program.ladders.values() for step in ladder.steps),
    )


def condition(that: Condition, sheet: Sheet, terms: Terms) -> str:
    """The condition as one expression of source, true when it holds."""
    text = _EMIT[type(that)](that, sheet, terms)
    return sheet.aside(text) if _is_deep(text) else text


def between_days(from_on: str | None, until_on: str | None, sheet: Sheet) -> str:
    """On or after the one day and before the other; a day not said does not bind."""
    if from_on is None and until_on is None:
        return ALWAYS
    first, last = open_days(from_on, until_on)
    return _within(
        sheet.fact("day"), None if from_on is None else first, None if until_on is None else last
    )


def open_days(from_on: str | None, until_on: str | None) -> tuple[int, int]:
    """The first and the last day on or after the one and before the other."""
    first = date.min if from_on is None else date.fromisoformat(from_on)
    end = date.max if until_on is None else date.fromisoformat(until_on)
    return first.toordinal(), end.toordinal() - (until_on is not None)


def _is_deep(text: str) -> bool:
    """Only the brackets are looked at, of few texts: letter by letter it was most of compiling."""
    if text.count("(") <= _DEEP:
        return False
    depth = 0
    for bracket in _BRACKETS(text):
        depth += 1 if bracket == "(" else -1
        if depth > _DEEP:
            return True
    return False


def _within(name: str, least: int | None, most: int | None) -> str:
    low = "" if least is None else f"{number(least)} <= "
    high = "" if most is None else f" <= {number(most)}"
    return f"({low}{name}{high})" if low or high else ALWAYS


def _all(that: All, sheet: Sheet, terms: Terms) -> str:
    return "(" + " and ".join(condition(part, sheet, terms) for part in that.of) + ")"


def _any(that: AnyOf, sheet: Sheet, terms: Terms) -> str:
    return "(" + " or ".join(condition(part, sheet, terms) for part in that.of) + ")"


def _not(that: Not, sheet: Sheet, terms: Terms) -> str:
    return f"(not {condition(that.that, sheet, terms)})"


def _amount(that: AmountIs, sheet: Sheet, terms: Terms) -> str:
    ours = _bounded(that, sheet.amount(None, terms.standard), terms.scale)
    if not that.in_currency:
        return ours
    paid, here = sheet.amount(None, terms.paid), sheet.fact("currency")
    either = [
        f"{here} == {sheet.constants.name(name)} and {_bounded(bounds, paid, decimals(name))}"
        for name, bounds in that.in_currency.items()
    ]
    others = sheet.constants.name(frozenset(that.in_currency))
    return f"({' or '.join([*either, f'{here} not in {others} and {ours}'])})"


def _bounded(that: AmountIs | AmountBounds, amount: str, scale: int) -> str:
    least = None if that.at_least is None else units(that.at_least, scale)
    most = None if that.at_most is None else units(that.at_most, scale)
    return _within(amount, least, most)


def _basket(that: BasketHas, sheet: Sheet, terms: Terms) -> str:
    which = goods(that.categories, that.skus)
    parts = []
    if that.amount is not None:
        enough = number(units(that.amount, terms.scale))
        parts.append(f"{sheet.line_amount(which, terms.standard)} >= {enough}")
    if that.quantity is not None or that.amount is None:
        # A line whose pieces all came back is no longer in the basket, so pieces are counted.
        parts.append(f"{sheet.pieces(which)} >= {number(that.quantity or 1)}")
    return "(" + " and ".join(parts) + ")"


def _channel(that: ChannelIs, sheet: Sheet, terms: Terms) -> str:
    return f"({sheet.one_of('channel', that.in_)})"


def _store(that: StoreIs, sheet: Sheet, terms: Terms) -> str:
    return f"({sheet.one_of('store', that.in_)})"


def _weekday(that: WeekdayIs, sheet: Sheet, terms: Terms) -> str:
    bits = sum(1 << _WEEKDAYS.index(name) for name in set(that.in_))
    return f"({number(bits)} >> {sheet.fact('weekday')} & 1 == 1)"


def _hour(that: HourIs, sheet: Sheet, terms: Terms) -> str:
    return _within(sheet.fact("hour"), that.from_, that.until - 1)


def _dates(that: DatesAre, sheet: Sheet, terms: Terms) -> str:
    return between_days(that.from_on, that.until_on, sheet)


def _tier(that: TierIs, sheet: Sheet, terms: Terms) -> str:
    if that.at_least in terms.further:
        return f"({sheet.constants.name(that.at_least)} in {sheet.fact('further')})"
    if that.at_least not in terms.tiers:
        return "False"
    return f"({sheet.fact('tier')} >= {number(terms.tiers.index(that.at_least) + 1)})"


def _member(that: MemberIs, sheet: Sheet, terms: Terms) -> str:
    return f"({sheet.attribute_is('member', that.attribute, that.in_)})"


def _plan(that: PlanIs, sheet: Sheet, terms: Terms) -> str:
    return f"({sheet.attribute_is('member', plan_known_as(that.runs), (RUNS,))})"


def _detail(that: DetailIs, sheet: Sheet, terms: Terms) -> str:
    return f"({sheet.attribute_is('details', that.detail, that.in_)})"


def _code(that: CodeIs, sheet: Sheet, terms: Terms) -> str:
    if that.of is not None:
        return f"({sheet.attribute_is('details', CODE_OF, (that.of,))})"
    return f"({sheet.attribute_is('details', CODE, tuple(map(folded, that.in_)))})"


def _anniversary(that: AnniversaryIs, sheet: Sheet, terms: Terms) -> str:
    around = f"{number(that.days_before)}, {number(that.days_after)}"
    return f"near_anniversary({_of_member(that, sheet)}, {sheet.fact('day')}, {around})"


def _days_since(that: DaysSince, sheet: Sheet, terms: Terms) -> str:
    gone = f"days_since({_of_member(that, sheet)}, {sheet.fact('day')})"
    return _within(gone, that.at_least, None if that.before is None else that.before - 1)


def _of_member(that: AnniversaryIs | DaysSince, sheet: Sheet) -> str:
    return f"{sheet.fact('member')}.get({sheet.constants.name(that.attribute)})"


_EMIT: Final[dict[type, Callable[[Any, Sheet, Terms], str]]] = {
    All: _all,
    AnyOf: _any,
    Not: _not,
    AmountIs: _amount,
    BasketHas: _basket,
    ChannelIs: _channel,
    StoreIs: _store,
    WeekdayIs: _weekday,
    HourIs: _hour,
    DatesAre: _dates,
    TierIs: _tier,
    MemberIs: _member,
    PlanIs: _plan,
    DetailIs: _detail,
    CodeIs: _code,
    AnniversaryIs: _anniversary,
    DaysSince: _days_since,
}
