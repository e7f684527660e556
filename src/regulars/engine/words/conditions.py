"""What a condition asked for and what was there, in words; used by `explain`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from regulars.base.decimals import text_of
from regulars.base.money import decimals
from regulars.engine.reference.conditions import Missed
from regulars.engine.words.voice import PLAIN, Voice
from regulars.records.program.parts.measuring import names_of
from regulars.records.program.types import Program


class _Desk(NamedTuple):
    program: Program
    voice: Voice


def missed_in_words(program: Program, missed: Sequence[Missed], voice: Voice = PLAIN) -> str:
    """Why the conditions of a rule did not hold, each part with its numbers."""
    return "; ".join(_one(_Desk(program, voice), each) for each in missed)


def _one(desk: _Desk, missed: Missed) -> str:
    say = _SAYS.get(missed.fact)
    if say is None:
        return desk.voice.say("missed.ruled_out")
    asked, found = say(desk, missed.asked, missed.found)
    key = "forbidden" if missed.forbidden else "missed"
    return desk.voice.say(f"missed.{key}", asked=asked, found=found)


def _money(desk: _Desk, minor: int, currency: str = "") -> str:
    currency = currency or desk.program.currency
    return desk.voice.money(text_of(minor, decimals(currency)), currency)


def _amount(desk: _Desk, asked: dict[str, Any], found: int) -> tuple[str, str]:
    currency = asked.get("currency", "")
    low, high = (
        None if asked[bound] is None else _money(desk, asked[bound], currency)
        for bound in ("at_least", "at_most")
    )
    here = _money(desk, found, currency)
    if low is not None and high is not None:
        return desk.voice.say("missed.between", low=low, high=high), here
    key = "at_most" if low is None else "at_least"
    return desk.voice.say(f"missed.{key}", low=low, high=high), here


def _basket(desk: _Desk, asked: dict[str, Any], found: dict[str, Any]) -> tuple[str, str]:
    pieces, minor = asked["quantity"], asked["amount"]
    amount = None if minor is None else _money(desk, minor)
    key = "money" if pieces is None else "pieces" if minor is None else "pieces_and_money"
    here = desk.voice.say(
        "missed.basket", n=found["quantity"], amount=_money(desk, found["amount"])
    )
    return desk.voice.say(f"missed.{key}", n=pieces, amount=amount), here


def _channel(desk: _Desk, asked: Sequence[str], found: str) -> tuple[str, str]:
    return desk.voice.say(
        "missed.channel", names=desk.voice.any_of(asked)
    ), found or desk.voice.say("missed.no_channel")


def _store(desk: _Desk, asked: Sequence[str], found: str) -> tuple[str, str]:
    return desk.voice.say("missed.store", names=desk.voice.any_of(asked)), found or desk.voice.say(
        "missed.no_store"
    )


def _weekday(desk: _Desk, asked: Sequence[str], found: str) -> tuple[str, str]:
    return desk.voice.any_of([_word(desk, day) for day in asked]), _word(desk, found)


def _hour(desk: _Desk, asked: tuple[int, int], found: int) -> tuple[str, str]:
    from_, until = asked
    return desk.voice.say("missed.hours", from_=from_, until=until), desk.voice.say(
        "missed.hour", hour=found
    )


def _dates(desk: _Desk, asked: tuple[str | None, str | None], found: str) -> tuple[str, str]:
    from_on, until_on = asked
    key = "before" if from_on is None else "from" if until_on is None else "days"
    return desk.voice.say(f"missed.{key}", from_on=from_on, until_on=until_on), found


def _tier(desk: _Desk, asked: str, found: str | None) -> tuple[str, str]:
    names = names_of(desk.program)
    here = desk.voice.say("missed.no_tier") if found is None else names[found]
    return desk.voice.say("missed.tier", tier=names.get(asked, asked)), here


def _value(desk: _Desk, asked: dict[str, Any], found: Any) -> tuple[str, str]:
    ((name, values),) = asked.items()
    wanted = desk.voice.any_of([_shown(desk, value) for value in values])
    here = desk.voice.say("missed.no_value") if found is None else _shown(desk, found)
    return desk.voice.say("missed.value", name=name, values=wanted), here


def _code(desk: _Desk, asked: str | None, found: tuple[Any, Any]) -> tuple[str, str]:
    told, whose = found
    wanted = desk.voice.say("missed.code")
    if told is None:
        return wanted, desk.voice.say("missed.no_value")
    if asked is None or whose is None:
        return wanted, str(told)
    why = desk.voice.word(f"missed.{str(whose).removeprefix('!')}", "")
    return wanted, desk.voice.say("missed.code_why", code=told, why=why) if why else str(told)


def _anniversary(desk: _Desk, asked: tuple[str, int, int], found: Any) -> tuple[str, str]:
    name, before, after = asked
    around = {"before": desk.voice.span(before, "day"), "after": desk.voice.span(after, "day")}
    wanted = desk.voice.say("missed.anniversary", name=name, **around)
    return wanted, _told(desk, found)


def _plan(desk: _Desk, asked: str, runs: bool) -> tuple[str, str]:
    plans = {one.id: one.name for one in desk.program.plans}
    wanted = desk.voice.say("missed.plan", name=plans.get(asked, asked))
    return wanted, desk.voice.say("missed.plan_yes" if runs else "missed.plan_not")


def _days_since(desk: _Desk, asked: tuple[str, int, int | None], gone: Any) -> tuple[str, str]:
    name, least, before = asked
    key = "days_since" if before is None else "days_since_before"
    bounds = {"least": desk.voice.span(least, "day"), "before": desk.voice.span(before or 0, "day")}
    wanted = desk.voice.say(f"missed.{key}", name=name, **bounds)
    return wanted, _told(desk, gone)


def _told(desk: _Desk, found: Any) -> str:
    return desk.voice.say("missed.no_value") if found is None else _shown(desk, found)


def _shown(desk: _Desk, value: Any) -> str:
    return _word(desk, "true" if value else "false") if isinstance(value, bool) else str(value)


def _word(desk: _Desk, name: str) -> str:
    return desk.voice.say(f"word.{name}")


_SAYS: Final[dict[str, Callable[[_Desk, Any, Any], tuple[str, str]]]] = {
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
    "code": _code,
    "plan": _plan,
    "anniversary": _anniversary,
    "days_since": _days_since,
}
