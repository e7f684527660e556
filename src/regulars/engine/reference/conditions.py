"""Does a condition hold, and if not, what was asked and what was found: the plain, slow way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.facts import FactLine, Facts
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

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Missed(Struct, frozen=True):
    """One condition that kept a rule from firing: what it asked for and what was there.

    `fact` is the condition's tag; with `forbidden` the rule asked that it does *not* hold.
    """

    fact: str
    asked: Any
    found: Any
    forbidden: bool = False


class Conditions:
    """Judges the conditions of one program."""

    def __init__(self, program: Program) -> None:
        self._scale = decimals(program.currency)
        names = list(program.qualifying)
        self._definitions = len(names)
        self.standard = names.index("standard") if "standard" in names else 0
        steps = program.tiers.steps if program.tiers else ()
        self._tiers = [step.id for step in steps]
        self._further = [[step.id for step in one.steps] for one in program.ladders.values()]

    def missed(self, condition: Condition, facts: Facts) -> list[Missed]:
        """Nothing when the condition holds, else each part that failed."""
        if isinstance(condition, All):
            for part in condition.of:
                failed = self.missed(part, facts)
                if failed:
                    return failed
            return []
        if isinstance(condition, AnyOf):
            each = [self.missed(part, facts) for part in condition.of]
            return [] if any(not failed for failed in each) else [m for f in each for m in f]
        if isinstance(condition, Not):
            return self._missed_not(condition.that, facts)
        holds, asked, found = self._leaf(condition, facts)
        return [] if holds else [Missed(_tag(condition), asked, found)]

    def _missed_not(self, inner: Condition, facts: Facts) -> list[Missed]:
        if self.missed(inner, facts):
            return []
        if isinstance(inner, All | AnyOf | Not):
            return [Missed(_tag(inner), None, None, forbidden=True)]
        _, asked, found = self._leaf(inner, facts)
        return [Missed(_tag(inner), asked, found, forbidden=True)]

    def _leaf(self, condition: Condition, facts: Facts) -> tuple[bool, Any, Any]:
        """Whether a single condition holds, what it asks, what is there."""
        judge = _JUDGES[type(condition)]
        verdict: tuple[bool, Any, Any] = judge(self, condition, facts)
        return verdict

    def _amount(self, asked: AmountIs, facts: Facts) -> tuple[bool, Any, Any]:
        apart = asked.in_currency.get(facts.currency)
        if apart is not None:
            return self._as_paid(apart, facts)
        found = total(facts, self.standard)
        low, high = self._minor(asked.at_least), self._minor(asked.at_most)
        holds = (low is None or found >= low) and (high is None or found <= high)
        return holds, {"at_least": low, "at_most": high}, found

    def _as_paid(self, asked: AmountBounds, facts: Facts) -> tuple[bool, Any, Any]:
        """Bounds in the currency in which somebody paid, held against what they paid."""
        found, scale = total(facts, self._definitions), decimals(facts.currency)
        low, high = (
            None if said is None else units(said, scale) for said in (asked.at_least, asked.at_most)
        )
        below = low is not None and found < low
        above = high is not None and found > high
        bounds = {"at_least": low, "at_most": high, "currency": facts.currency}
        return not (below or above), bounds, found

    def _basket(self, asked: BasketHas, facts: Facts) -> tuple[bool, Any, Any]:
        lines = matching(facts.lines, asked.categories, asked.skus)
        pieces = sum(line.quantity - line.free for line in lines)
        amount = sum(line.amounts[self.standard] for line in lines)
        want = {"quantity": asked.quantity or 1, "amount": self._minor(asked.amount)}
        if asked.quantity is None and asked.amount is not None:
            want["quantity"] = None
        enough = want["quantity"] is None or pieces >= want["quantity"]
        rich = want["amount"] is None or amount >= want["amount"]
        return enough and rich, want, {"quantity": pieces, "amount": amount}

    def _tier(self, asked: TierIs, facts: Facts) -> tuple[bool, Any, Any]:
        for ladder in self._further:
            if asked.at_least in ladder:
                stands = [step for step in ladder if step in facts.further]
                return asked.at_least in stands, asked.at_least, stands[-1] if stands else None
        here = self._tiers[facts.tier - 1] if facts.tier else None
        if asked.at_least not in self._tiers:
            return False, asked.at_least, here
        return facts.tier >= self._tiers.index(asked.at_least) + 1, asked.at_least, here

    def _minor(self, amount: str | int | None) -> int | None:
        return None if amount is None else units(amount, self._scale)


def total(facts: Facts, definition: int) -> int:
    """The whole qualifying amount of a purchase under one definition, in minor units."""
    extra = facts.extras[definition] if facts.extras else 0
    return sum(line.amounts[definition] for line in facts.lines) + extra


def matching(
    lines: tuple[FactLine, ...], categories: tuple[str, ...], skus: tuple[str, ...]
) -> list[FactLine]:
    """The lines whose category or article is named; all of them when nothing is named."""
    if not categories and not skus:
        return list(lines)
    return [line for line in lines if line.category in categories or line.sku in skus]


def _channel(_: Conditions, asked: ChannelIs, facts: Facts) -> tuple[bool, Any, Any]:
    return facts.channel in asked.in_, asked.in_, facts.channel


def _store(_: Conditions, asked: StoreIs, facts: Facts) -> tuple[bool, Any, Any]:
    return facts.store in asked.in_, asked.in_, facts.store


def _weekday(_: Conditions, asked: WeekdayIs, facts: Facts) -> tuple[bool, Any, Any]:
    here = WEEKDAYS[facts.weekday]
    return here in asked.in_, asked.in_, here


def _hour(_: Conditions, asked: HourIs, facts: Facts) -> tuple[bool, Any, Any]:
    return asked.from_ <= facts.hour < asked.until, (asked.from_, asked.until), facts.hour


def _dates(_: Conditions, asked: DatesAre, facts: Facts) -> tuple[bool, Any, Any]:
    holds = within(facts.day, asked.from_on, asked.until_on)
    return holds, (asked.from_on, asked.until_on), date.fromordinal(facts.day).isoformat()


def within(day: int, from_on: str | None, until_on: str | None) -> bool:
    """Is the day on or after the first and before the second."""
    here = date.fromordinal(day)
    begun = from_on is None or here >= date.fromisoformat(from_on)
    return begun and (until_on is None or here < date.fromisoformat(until_on))


def _member(_: Conditions, asked: MemberIs, facts: Facts) -> tuple[bool, Any, Any]:
    return _one_of(facts.member, asked.attribute, asked.in_)


def _plan(_: Conditions, asked: PlanIs, facts: Facts) -> tuple[bool, Any, Any]:
    runs = facts.member.get("plan:" + asked.runs) == "yes"
    return runs, asked.runs, runs


def _detail(_: Conditions, asked: DetailIs, facts: Facts) -> tuple[bool, Any, Any]:
    return _one_of(facts.details, asked.detail, asked.in_)


def _code(_: Conditions, asked: CodeIs, facts: Facts) -> tuple[bool, Any, Any]:
    told = facts.details.get("code")
    whose = facts.details.get("code_of")
    if asked.of is not None:
        return isinstance(whose, str) and whose == asked.of, asked.of, (told, whose)
    wanted = ["".join(c for c in word if c not in " -\t").upper() for word in asked.in_]
    return isinstance(told, str) and told in wanted, None, (told, None)


def _anniversary(_: Conditions, asked: AnniversaryIs, facts: Facts) -> tuple[bool, Any, Any]:
    wanted = (asked.attribute, asked.days_before, asked.days_after)
    known = facts.member.get(asked.attribute)
    text = known if isinstance(known, str) else ""
    here = date.fromordinal(facts.day)
    # Every day it could be today, gone through one by one.
    for away in range(-asked.days_after, asked.days_before + 1):
        day = here + timedelta(days=away)
        last_of_february = (day.month, day.day) == (2, 28) and (day + timedelta(1)).month == 3
        days = [f"{day:%m-%d}", *(["02-29"] if last_of_february else [])]
        if text[-5:] in days and (len(text) == 5 or _day(text) is not None):
            return True, wanted, known
    return False, wanted, known


def _days_since(_: Conditions, asked: DaysSince, facts: Facts) -> tuple[bool, Any, Any]:
    known = facts.member.get(asked.attribute)
    begun = _day(known)
    gone = None if begun is None else (date.fromordinal(facts.day) - begun).days
    until = asked.before
    holds = gone is not None and gone >= asked.at_least and (until is None or gone < until)
    return holds, (asked.attribute, asked.at_least, until), gone


def _day(text: object) -> date | None:
    if not isinstance(text, str):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None  # no week dates, no days without hyphens


def _one_of(
    values: Mapping[str, bool | int | str], name: str, wanted: tuple[bool | int | str, ...]
) -> tuple[bool, Any, Any]:
    found = values.get(name)
    # In Python True equals 1; for a shop "yes" and "one" are two answers.
    holds = any(type(found) is type(value) and found == value for value in wanted)
    return holds, {name: wanted}, found


def _tag(condition: Condition) -> str:
    return str(condition.__struct_config__.tag)


_JUDGES: dict[type, Callable[..., tuple[bool, Any, Any]]] = {
    AmountIs: Conditions._amount,
    BasketHas: Conditions._basket,
    TierIs: Conditions._tier,
    ChannelIs: _channel,
    StoreIs: _store,
    WeekdayIs: _weekday,
    HourIs: _hour,
    DatesAre: _dates,
    MemberIs: _member,
    PlanIs: _plan,
    DetailIs: _detail,
    CodeIs: _code,
    AnniversaryIs: _anniversary,
    DaysSince: _days_since,
}
