"""What members choose one of: rewards and benefits under one word, a choice for each period.

Taking one of them is a choice for as long as it stands; saying which is one for the period,
whatever becomes of what was taken (ADR 0241).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, NamedTuple

from regulars.base.faults import Refused
from regulars.engine.calendar import local, period_of, stretch_of
from regulars.engine.rewarding.including import birthdays
from regulars.engine.state import MemberState
from regulars.engine.terms import Version
from regulars.records.program.types import Benefit, Reward
from regulars.records.program.wallets import Period


class Option(NamedTuple):
    """One of several things under a word."""

    kind: Literal["reward", "benefit"]
    id: str
    name: str
    per: Period
    counter: int
    """Where its uses are counted."""


class Chosen(NamedTuple):
    """What is chosen under a word at an instant, and how."""

    option: Option
    by: Literal["said", "taken"]


def words(version: Version) -> list[str]:
    """Every word under which something is chosen, in the order of the file."""
    asked = [one.choose_one for one in version.program.rewards]
    asked += [one.choose_one for one in version.program.benefits]
    return list(dict.fromkeys(word for word in asked if word is not None))


def options(version: Version, word: str) -> list[Option]:
    """What is chosen from under a word: rewards first, each as in the file."""
    rewards = [_reward(version, one) for one in version.program.rewards if one.choose_one == word]
    benefits = [
        _benefit(version, one) for one in version.program.benefits if one.choose_one == word
    ]
    return [*rewards, *benefits]


def period_on(version: Version, word: str, now: datetime) -> int:
    """The period for which a choice under this word would be made now."""
    return period_of(options(version, word)[0].per, local(version.zone, now).day)


def counts_at(version: Version, state: MemberState, word: str, now: datetime) -> datetime:
    """At which instant a choice counts that is made now: of what is bound to a birthday, on the
    birthday while its days run.

    Assumes: all that is chosen from under a word is bound to the same days, or none of it.
    """
    bound = [one for one in version.program.benefits if one.choose_one == word and one.birthday]
    return birthdays.counts_at(version, state, bound[0], now) if bound else now


def ends_on(version: Version, word: str, now: datetime) -> date | None:
    """The first local day on which one chooses anew; nothing when a choice is for ever."""
    per = options(version, word)[0].per
    if per == "ever":
        return None
    return date.fromordinal(stretch_of(per, local(version.zone, now).day).end)


def chosen(version: Version, state: MemberState, word: str, now: datetime) -> Chosen | None:
    """What this member chose under a word for this period: what they said, else what they took.

    Keeps: what they said first binds them; what is not to be had under the word any more does not.
    """
    period = period_on(version, word, counts_at(version, state, word, now))
    there = {option.id: option for option in options(version, word)}
    for said in state.chosen.get((word, period), ()):
        if said in there:
            return Chosen(there[said], "said")
    for option in there.values():
        if state.counters.get((option.counter, period)):
            return Chosen(option, "taken")
    return None


def chosen_otherwise(
    version: Version, state: MemberState, what: Reward | Benefit, now: datetime
) -> Refused | None:
    """Why this one of several is not to be had: another one was chosen for this period."""
    if what.choose_one is None:
        return None
    found = chosen(version, state, what.choose_one, now)
    if found is None or found.option.id == what.id:
        return None
    return otherwise(found.option)


def otherwise(option: Option) -> Refused:
    """The refusal of whatever was not chosen."""
    says = f"{option.name} was chosen for this {option.per}"
    return Refused("chosen_otherwise", says, {"chosen": option.id})


def _reward(version: Version, reward: Reward) -> Option:
    assert reward.limit is not None, reward.id
    counter = version.reward_counters[reward.id]
    return Option("reward", reward.id, reward.name, reward.limit.per, counter)


def _benefit(version: Version, benefit: Benefit) -> Option:
    assert benefit.allowance is not None, benefit.id
    counter = version.benefit_counters[benefit.id]
    per = benefit.allowance.per
    assert per != "reached", benefit.id  # the checks of a program refuse it
    return Option("benefit", benefit.id, benefit.name, per, counter)
