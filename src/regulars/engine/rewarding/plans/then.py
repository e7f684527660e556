"""Which plans of a member ran at an instant, also one that is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.engine.compiling.asked import known_to_run, plans_asked
from regulars.engine.rewarding.plans import life
from regulars.engine.terms import Version
from regulars.records.benefits.plans.types import Membership, Turn


def plans_at(version: Version, turns: Sequence[Turn], at: datetime) -> set[str]:
    """The plans whose benefits could be used at an instant, by all that is known of it by now.

    Example: paid for a month on 1 March and failed on 1 April: on 15 March it ran, whatever became
    of it, and on 28 February it did not.
    """
    stood = stood_at(version, turns, at)
    return {one.plan for one in stood if life.runs(version, one, at) == "yes"}


def stood_at(version: Version, turns: Sequence[Turn], at: datetime) -> list[Membership]:
    """Where each membership stood at an instant.

    Order: of each the last word at or before it says; what the clock brought about since then is
    followed from there, whether or not anybody has written it down.
    """
    last: dict[UUID, Turn] = {}
    for one in turns:
        before = last.get(one.after.membership_id)
        if one.at <= at and (before is None or before.after.step < one.after.step):
            last[one.after.membership_id] = one
    return [_by_then(version, one.after, at) for one in last.values()]


def plans_known(version: Version, turns: Sequence[Turn], at: datetime) -> dict[str, str]:
    """What is known of a member of the plans that rules of this version ask for."""
    asked = plans_asked(version.attributes) if turns else ()
    return known_to_run(plans_at(version, turns, at) & set(asked)) if asked else {}


def _by_then(version: Version, one: Membership, at: datetime) -> Membership:
    for step in life.passed(version, one, at):
        one = step.after
    return one
