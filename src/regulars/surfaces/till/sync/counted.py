"""What of a member a till needs to work out an amount itself: no more than the rules ask for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from typing import Final

from msgspec import Struct

from regulars.engine.calendar import local, period_of
from regulars.engine.compiling.compile import CompiledLimit
from regulars.engine.deciding.budgets import moment_at
from regulars.engine.deciding.earn import kept_period
from regulars.engine.rewarding.plans import life
from regulars.engine.rewarding.plans.then import stood_at
from regulars.engine.state import MemberState
from regulars.engine.terms import Version
from regulars.records.program.parts.conditions import JOINED_ON
from regulars.records.program.types import (
    All,
    AnniversaryIs,
    AnyOf,
    Condition,
    DaysSince,
    MemberIs,
    Not,
    PlanIs,
    TierIs,
)

MOST_COUNTED: Final = 100
"""So many numbers of a member lie on a till at most; whoever has more gets estimates there."""
LARGEST: Final = 2**53 - 1
"""The largest whole number that is exact in the language of the device."""

Known = bool | int | str


class LimitUsed(Struct, frozen=True):
    """What a member used of one limit, or when a rule last gave to them that rests afterwards."""

    place: int
    """Of the limit among all, in file order; a cooldown follows the limits of its rule."""
    period: int
    """In which it counts: day (1 is 1 January of the year 1), ISO week (202653), month (202607),
    year, 0; of a cooldown the day or the minute since 1970 in which the rule gave."""
    used: int


class RestKept(Struct, frozen=True):
    """What rounding kept of a wallet for the next time, in its smallest quantity."""

    wallet: str
    period: int
    """The day it is kept for, or 0 for always."""
    rest: str
    """An exact ratio, such as `-7/20`."""


class PlanStands(Struct, frozen=True):
    """Whether a paid plan of a member runs, and until when that is so by what is known now."""

    plan: str
    runs: bool
    until: datetime


class MemberCounted(Struct, frozen=True, omit_defaults=True):
    """What the rules of the program ask for of a member beside their tier."""

    version: int
    """Of the program, whose rules and limits these are."""
    attributes: dict[str, Known] = {}
    """Only those a rule asks for, and of a birthday only month and day where no rule asks how long
    it is ago; a value no rule asks for is left out."""
    used: list[LimitUsed] = []
    kept: list[RestKept] = []
    tier_until: datetime | None = None
    """Where a rule asks for the tier: until then it is theirs."""
    plans: list[PlanStands] = []
    """Of the paid plans a rule asks for those of which a membership of theirs is not over; no other
    one runs."""


def counted(version: Version, state: MemberState, now: datetime) -> MemberCounted | None:
    """What a till has to know of a member so that it comes to what the server would say.

    Shape: nothing where it is more than a till keeps, or where something was told of a time that
    is still to come; then the till's own answer stays an estimate.
    Keeps: nothing goes out that no rule of today or later asks for.
    """
    today = local(version.zone, now).day
    asked = list(_leaves(version, today))
    used, kept = _used(version, state, now), _kept(version, state, today)
    if used is None or kept is None:
        return None
    attributes, plans = dict(_attributes(version, state, asked)), _plans(version, state, asked, now)
    many = sum(len(one) for one in (used, kept, attributes, plans))
    if many > MOST_COUNTED or max((one.used for one in used), default=0) > LARGEST:
        return None
    tiered = any(isinstance(one, TierIs) for one in asked)
    until = state.tier_until if tiered else None
    return MemberCounted(version.number, attributes, used, kept, until, plans)


def _leaves(version: Version, today: int) -> Iterator[Condition]:
    """Every single question of the rules that are not over."""
    day = date.fromordinal(today).isoformat()
    todo = [
        rule.when
        for rule in version.program.rules
        if rule.when is not None and (rule.until_on is None or day < rule.until_on)
    ]
    while todo:
        match todo.pop():
            case All(of=parts) | AnyOf(of=parts):
                todo += parts
            case Not(that=part):
                todo.append(part)
            case leaf:
                yield leaf


def _attributes(
    version: Version, state: MemberState, asked: list[Condition]
) -> Iterator[tuple[str, Known]]:
    joined_on = date.fromordinal(local(version.zone, state.joined_at).day).isoformat()
    known = {**state.attributes, JOINED_ON: joined_on}
    for name in sorted({str(name) for one in asked if (name := getattr(one, "attribute", None))}):
        questions = [one for one in asked if getattr(one, "attribute", None) == name]
        told = _told(known.get(name), questions)
        if told is not None:
            yield name, told


def _plans(
    version: Version, state: MemberState, asked: list[Condition], now: datetime
) -> list[PlanStands]:
    """Where the plans stand that are asked for.

    Order: of several memberships of one plan it is known until the first of them changes.
    """
    plans = {one.runs for one in asked if isinstance(one, PlanIs)}
    stood = [one for one in stood_at(version, state.turns, now) if one.plan in plans]
    looks = [(one, one.next_look) for one in stood]
    found: dict[str, PlanStands] = {}
    for one, until in looks:
        if until is not None:
            runs = life.runs(version, one, now) == "yes"
            before = found.get(one.plan, PlanStands(one.plan, runs, until))
            found[one.plan] = PlanStands(one.plan, runs or before.runs, min(until, before.until))
    return [found[plan] for plan in sorted(found)]


def _told(value: Known | None, questions: list[Condition]) -> Known | None:
    """As much of an attribute as answers these questions."""
    wanted = [each for one in questions if isinstance(one, MemberIs) for each in one.in_]
    whole = _is_day(value) and any(isinstance(one, DaysSince) for one in questions)
    if whole or any(type(value) is type(each) and value == each for each in wanted):
        return value
    if not isinstance(value, str) or not (len(value) == 5 or _is_day(value)):
        return None
    if any(isinstance(one, AnniversaryIs) for one in questions):
        # A rule that asks for `05-17` means somebody of whom no more is known.
        return value if value[-5:] in wanted else value[-5:]
    return None


def _is_day(value: Known | None) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _used(version: Version, state: MemberState, now: datetime) -> list[LimitUsed] | None:
    day = local(version.zone, now).day
    minute = moment_at(version, day, now).minute
    found = []
    for place, limit in enumerate(version.compiled.limits):
        if limit.shared or limit.per == "activity":
            continue
        here = _period(limit, day, minute)
        counter = version.limit_counters[place]
        periods = {at: n for (code, at), n in state.counters.items() if code == counter and n > 0}
        if any(at > here for at in periods):
            return None
        since = here - limit.rest if limit.rest else here - 1
        latest = max((at for at in periods if at > since), default=None)
        if latest is not None:
            found.append(LimitUsed(place, latest, periods[latest]))
    return found


def _period(limit: CompiledLimit, day: int, minute: int) -> int:
    if limit.rest:
        return minute if limit.by_minutes else day
    return period_of(limit.per, day)


def _kept(version: Version, state: MemberState, today: int) -> list[RestKept] | None:
    found = []
    for wallet, counter in zip(version.compiled.wallets, version.remainder_counters, strict=True):
        if wallet.keeps == "no":
            continue
        here = kept_period(wallet.keeps, today)
        grains = {at: n for (code, at), n in state.counters.items() if code == counter and n}
        if any(at > here for at in grains):
            return None
        if here in grains:
            rest = Fraction(grains[here], wallet.grid)
            found.append(RestKept(wallet.id, here, f"{rest.numerator}/{rest.denominator}"))
    return found
