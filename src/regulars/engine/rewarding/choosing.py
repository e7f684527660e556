"""A member says which of several they choose: once for each period, and it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from regulars.base.faults import Refused
from regulars.engine.deciding import tiering
from regulars.engine.deciding.benefit import not_entitled
from regulars.engine.rewarding.having import not_for_member, person_refused
from regulars.engine.rewarding.including.options import (
    Option,
    chosen,
    counts_at,
    options,
    otherwise,
    period_on,
    words,
)
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Version
from regulars.records.rewards.choices.types import Choice

Refusal = Literal[
    "member_erased", "member_blocked", "unknown_choice", "chosen_otherwise", "not_for_you",
    "tier_too_low", "no_plan", "plan_frozen", "not_granted",
]  # fmt: skip
"""Every way a choice can be refused, in the order it is checked."""


class Say(NamedTuple):
    """Who says which is chosen under which word, when; and the id the choice would have."""

    word: str
    option: str
    now: datetime
    choice_id: UUID
    actor: str


def choose(changes: Changes, state: MemberState, version: Version, say: Say) -> Choice | Refused:
    """Keep what a member chooses for this period; chosen again, the first choice is the answer.

    Order: a tier whose time is over is reviewed first. See `Refusal`.
    Example: the companion ticket was taken and given back: nothing is chosen. It was *said*, and
    the ticket given back: the points are still not to be had this year.
    """
    tiering.review(changes, state, version, say.now)
    no = next(_refusals(version, state, say), None)
    if no is not None:
        return no
    period = period_on(version, say.word, counts_at(version, state, say.word, say.now))
    choice = Choice(
        member_id=state.member_id,
        choice_id=say.choice_id,
        word=say.word,
        period=period,
        chosen=say.option,
        version=version.number,
        chosen_at=say.now,
        actor=say.actor,
    )
    said = state.chosen.get((say.word, period), ())
    state.chosen[say.word, period] = (*said, say.option)
    changes.touch(state)
    told = {"choice_id": choice.choice_id, "word": choice.word, "chosen": choice.chosen}
    changes.events.append(Event(state.member_id, state.version, "choice.made", told))
    return choice


def _refusals(version: Version, state: MemberState, say: Say) -> Iterator[Refused]:
    yield from person_refused(version, state)
    option = _option(version, say)
    if option is None:
        facts = {"words": words(version)}
        yield Refused("unknown_choice", f"there is no {say.option} under {say.word} now", facts)
        return
    found = chosen(version, state, say.word, say.now)
    if found is not None and found.option.id != say.option:
        yield otherwise(found.option)
    if option.kind == "reward":
        yield from not_for_member(version, version.rewards[option.id], state, say.now)
    else:
        yield from not_entitled(version, state, version.benefits[option.id], say.now)


def _option(version: Version, say: Say) -> Option | None:
    if say.word not in words(version):
        return None
    return next((one for one in options(version, say.word) if one.id == say.option), None)
