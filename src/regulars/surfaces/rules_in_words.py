"""A rule as a sentence: the shop's own words, or words made from the rule itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from regulars.records.program.types import (
    All,
    AmountIs,
    AnyOf,
    BasketHas,
    ChannelIs,
    Condition,
    DatesAre,
    DetailIs,
    Fixed,
    HourIs,
    Limit,
    MemberIs,
    Multiply,
    Not,
    PerAmount,
    PerItem,
    Program,
    Rule,
    StoreIs,
    TierIs,
    WeekdayIs,
)

_DAYS: Final = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


def rule_in_words(program: Program, rule: Rule) -> str:
    """What a rule promises, as a sentence for members.

    Example: "Points × 1.5 on Saturday or Sunday, at most 200 Points a month".
    """
    if rule.says:
        return rule.says
    parts = [_award(program, rule)]
    if rule.when is not None:
        parts.append(_condition(program, rule.when))
    if rule.from_on is not None or rule.until_on is not None:
        parts.append(_between(rule.from_on, rule.until_on))
    text = " ".join(parts)
    limits = [_limit(program, rule, limit) for limit in rule.limits]
    return ", ".join([text, *limits])


def _award(program: Program, rule: Rule) -> str:
    award = rule.award
    name = program.wallets[rule.wallet].name or rule.wallet
    if isinstance(award, PerAmount):
        only = _only((*award.only_categories, *award.only_skus))
        return f"{award.points} {name} for each {award.per} {program.currency}{only}"
    if isinstance(award, PerItem):
        what = _any([*award.categories, *award.skus]) or "piece"
        each = f"each {award.every} of {what}" if award.every > 1 else f"each {what}"
        return f"{award.points} {name} for {each}"
    if isinstance(award, Fixed):
        return f"{award.points} {name} for each {rule.on}"
    assert isinstance(award, Multiply), award
    return f"{name} × {award.by}"


def _only(names: Sequence[str]) -> str:
    return f" of {_any(names)}" if names else ""


def _condition(program: Program, condition: Condition) -> str:
    if isinstance(condition, All):
        return " and ".join(_condition(program, part) for part in condition.of)
    if isinstance(condition, AnyOf):
        return " or ".join(_condition(program, part) for part in condition.of)
    if isinstance(condition, Not):
        return f"unless {_condition(program, condition.that)}"
    say: Callable[[Program, Any], str] = _SAYS[type(condition)]
    return say(program, condition)


def _amount(program: Program, asked: AmountIs) -> str:
    if asked.at_least is not None and asked.at_most is not None:
        return f"from {asked.at_least} to {asked.at_most} {program.currency}"
    if asked.at_least is not None:
        return f"from {asked.at_least} {program.currency}"
    return f"up to {asked.at_most} {program.currency}"


def _basket(program: Program, asked: BasketHas) -> str:
    what = _any([*asked.categories, *asked.skus])
    if asked.amount is not None:
        return f"with {what} for {asked.amount} {program.currency}"
    return f"with {asked.quantity or 1} {what}"


def _tier(program: Program, asked: TierIs) -> str:
    steps = program.tiers.steps if program.tiers else ()
    names = {step.id: step.name or step.id for step in steps}
    return f"from {names.get(asked.at_least, asked.at_least)} on"


def _dates(_: Program, asked: DatesAre) -> str:
    return _between(asked.from_on, asked.until_on)


def _between(from_on: str | None, until_on: str | None) -> str:
    first = f"from {from_on}" if from_on else ""
    last = f"before {until_on}" if until_on else ""
    return " ".join(part for part in (first, last) if part)


def _hour(_: Program, asked: HourIs) -> str:
    return f"from {asked.from_}:00 until {asked.until}:00"


def _weekday(_: Program, asked: WeekdayIs) -> str:
    return f"on {_any([_DAYS[day] for day in asked.in_])}"


def _channel(_: Program, asked: ChannelIs) -> str:
    return f"by {_any(asked.in_)}"


def _store(_: Program, asked: StoreIs) -> str:
    return f"in {_any(asked.in_)}"


def _member(_: Program, asked: MemberIs) -> str:
    return f"for members with {asked.attribute} {_any([str(value) for value in asked.in_])}"


def _detail(_: Program, asked: DetailIs) -> str:
    return f"with {asked.detail} {_any([str(value) for value in asked.in_])}"


def _limit(program: Program, rule: Rule, limit: Limit) -> str:
    per = {"activity": "each time", "ever": "in all"}.get(limit.per, f"a {limit.per}")
    if limit.points is not None:
        name = program.wallets[rule.wallet].name or rule.wallet
        return f"at most {limit.points} {name} {per}"
    return f"at most {limit.times} times {per}"


def _any(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}"


_SAYS: Final[dict[type, Any]] = {
    AmountIs: _amount,
    BasketHas: _basket,
    TierIs: _tier,
    DatesAre: _dates,
    HourIs: _hour,
    WeekdayIs: _weekday,
    ChannelIs: _channel,
    StoreIs: _store,
    MemberIs: _member,
    DetailIs: _detail,
}
