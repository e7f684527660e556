"""What a condition asked for and what was there, in words; used by `explain`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any, Final

from regulars.base.decimals import text_of
from regulars.base.money import decimals
from regulars.engine.reference.conditions import Missed
from regulars.records.program.types import Program

WORDS: Final = MappingProxyType(
    {
        "missed": "it asks for {asked}, and here it was {found}",
        "forbidden": "it is not for {asked}, and here it was {found}",
        "ruled_out": "its conditions rule this out",
        "or": "{first} or {last}",
        "at_least": "at least {low}",
        "at_most": "at most {high}",
        "between": "{low} to {high}",
        "pieces": "at least {n} of its articles in the basket",
        "money": "its articles in the basket for at least {amount}",
        "pieces_and_money": "at least {n} of its articles for at least {amount}",
        "basket": "{n} for {amount}",
        "channel": "the channel {names}",
        "no_channel": "no channel",
        "store": "the store {names}",
        "no_store": "no store",
        "hours": "a time from {from_}:00 until {until}:00",
        "hour": "{hour}:00 or later in that hour",
        "from": "a day from {from_on}",
        "before": "a day before {until_on}",
        "days": "a day from {from_on} and before {until_on}",
        "tier": "tier {tier} or higher",
        "no_tier": "no tier",
        "value": "{name} = {values}",
        "no_value": "not said",
        "true": "yes",
        "false": "no",
        "mon": "Monday",
        "tue": "Tuesday",
        "wed": "Wednesday",
        "thu": "Thursday",
        "fri": "Friday",
        "sat": "Saturday",
        "sun": "Sunday",
    }
)


def missed_in_words(program: Program, missed: Sequence[Missed]) -> str:
    """Why the conditions of a rule did not hold, each part with its numbers."""
    return "; ".join(_one(program, each) for each in missed)


def _one(program: Program, missed: Missed) -> str:
    say = _SAYS.get(missed.fact)
    if say is None:
        return WORDS["ruled_out"]
    asked, found = say(program, missed.asked, missed.found)
    key = "forbidden" if missed.forbidden else "missed"
    return WORDS[key].format(asked=asked, found=found)


def _money(program: Program, minor: int) -> str:
    return f"{text_of(minor, decimals(program.currency))} {program.currency}"


def _amount(program: Program, asked: dict[str, Any], found: int) -> tuple[str, str]:
    low, high = (
        None if asked[bound] is None else _money(program, asked[bound])
        for bound in ("at_least", "at_most")
    )
    if low is not None and high is not None:
        return WORDS["between"].format(low=low, high=high), _money(program, found)
    key = "at_most" if low is None else "at_least"
    return WORDS[key].format(low=low, high=high), _money(program, found)


def _basket(program: Program, asked: dict[str, Any], found: dict[str, Any]) -> tuple[str, str]:
    pieces, minor = asked["quantity"], asked["amount"]
    amount = None if minor is None else _money(program, minor)
    key = "money" if pieces is None else "pieces" if minor is None else "pieces_and_money"
    here = WORDS["basket"].format(n=found["quantity"], amount=_money(program, found["amount"]))
    return WORDS[key].format(n=pieces, amount=amount), here


def _channel(_: Program, asked: Sequence[str], found: str) -> tuple[str, str]:
    return WORDS["channel"].format(names=_any_of(asked)), found or WORDS["no_channel"]


def _store(_: Program, asked: Sequence[str], found: str) -> tuple[str, str]:
    return WORDS["store"].format(names=_any_of(asked)), found or WORDS["no_store"]


def _weekday(_: Program, asked: Sequence[str], found: str) -> tuple[str, str]:
    return _any_of([WORDS[day] for day in asked]), WORDS[found]


def _hour(_: Program, asked: tuple[int, int], found: int) -> tuple[str, str]:
    from_, until = asked
    return WORDS["hours"].format(from_=from_, until=until), WORDS["hour"].format(hour=found)


def _dates(_: Program, asked: tuple[str | None, str | None], found: str) -> tuple[str, str]:
    from_on, until_on = asked
    key = "before" if from_on is None else "from" if until_on is None else "days"
    return WORDS[key].format(from_on=from_on, until_on=until_on), found


def _tier(program: Program, asked: str, found: str | None) -> tuple[str, str]:
    steps = program.tiers.steps if program.tiers else ()
    names = {step.id: step.name or step.id for step in steps}
    here = WORDS["no_tier"] if found is None else names[found]
    return WORDS["tier"].format(tier=names.get(asked, asked)), here


def _value(_: Program, asked: dict[str, Any], found: Any) -> tuple[str, str]:
    ((name, values),) = asked.items()
    wanted = _any_of([_shown(value) for value in values])
    here = WORDS["no_value"] if found is None else _shown(found)
    return WORDS["value"].format(name=name, values=wanted), here


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return WORDS["true" if value else "false"]
    return str(value)


def _any_of(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return WORDS["or"].format(first=", ".join(names[:-1]), last=names[-1])


_SAYS: Final[dict[str, Callable[[Program, Any, Any], tuple[str, str]]]] = {
    "amount": _amount,
    "basket_has": _basket,
    "channel": _channel,
    "store": _store,
    "weekday": _weekday,
    "hour": _hour,
    "dates": _dates,
    "tier": _tier,
    "member": _value,
    "detail": _value,
}
