"""Which plans of a member ran at an instant, also one that is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.engine.rewarding.plans import life
from regulars.engine.terms import Version
from regulars.records.benefits.plans.types import Turn


def plans_at(version: Version, turns: Sequence[Turn], at: datetime) -> set[str]:
    """The plans whose benefits could be used at an instant, by all that happened until then.

    Order: of each membership the last word at or before it says; what the clock brought about
    since then is followed from there, whether or not anybody has written it down.
    Example: paid for a month on 1 March and failed on 1 April: on 15 March it ran, whatever became
    of it, and on 28 February it did not.
    """
    last: dict[UUID, Turn] = {}
    for one in turns:
        before = last.get(one.after.membership_id)
        if one.at <= at and (before is None or before.after.step < one.after.step):
            last[one.after.membership_id] = one
    return {one.after.plan for one in last.values() if life.runs(version, one.after, at) == "yes"}
