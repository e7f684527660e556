"""A refund that did not arrive: its money counts as paid again, and its points are there again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Refused
from regulars.engine.rewarding.correcting import Amount, Why, give
from regulars.engine.rewarding.plans.life import Step
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Version
from regulars.records.benefits.plans.types import Membership, Turn


class Undone(NamedTuple):
    """A refund that is undone, and what has to be known of it."""

    refund: Turn
    before: Membership
    """Where the membership stood before it."""
    of_last: bool
    """Whether it was of the payment whose term runs, or ran last."""
    nothing_since: bool
    """Whether nobody told anything since."""
    ended: Membership | None
    """Where it stood before a refund ended it; nothing where none did."""


def restore(one: Membership, undone: Undone, now: datetime, alone: bool) -> Step | Refused:
    """The money that was to be given back is paid again; a membership that it ended goes on.

    Keeps: of a term that is over nothing changes but what is left of its money; whoever began
    another membership since has no second one by it (`alone`).
    Refuses: not_running, where a term that was paid ahead went, and something was told since.
    """
    refund, amount = undone.refund, -undone.refund.amount_minor
    step = one.step + 1
    if not undone.of_last:
        return Step("restored", now, replace(one, step=step), amount)
    if refund.after.since_at != undone.before.since_at and undone.nothing_since and alone:
        return Step("restored", now, replace(undone.before, step=step), amount)
    if undone.before.since_at != one.since_at:
        says = "the term that it was of is not there any more; put it right by hand"
        return Refused("not_running", says, {"state": one.state})
    same = refund.after.gave_entry == one.gave_entry
    gone = refund.after.units_back - undone.before.units_back if same else 0
    after = replace(
        one,
        step=step,
        paid_minor=one.paid_minor + amount,
        returned_minor=max(one.returned_minor - amount, 0),
        units_back=max(one.units_back - gone, 0),
    )
    stood = undone.ended
    if stood is not None and alone:
        after = replace(
            after, state=stood.state, wait_until=stood.wait_until, paused_at=stood.paused_at
        )
    return Step("restored", now, after, amount)


def points_again(
    changes: Changes, state: MemberState, version: Version, step: Step, took: Mapping[int, int]
) -> UUID | None:
    """Give what the refund took, per wallet; the entry that says so, if it took any.

    Keeps: only what was taken; what had lapsed before is not given again.
    """
    why = Why(changes.now or step.at, f"plan:{step.after.plan}", "points of a refund that failed")
    entry_id = None
    for wallet, units in sorted(took.items()):
        if wallet in version.wallet_ids:
            entry_id = give(changes, state, Amount(version, wallet, units), why) or entry_id
    return entry_id
