"""Another plan in the middle of a membership, by hand: what it costs, and why it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

from tests.model.events import Turns

from regulars.records.program.types import Plan

if TYPE_CHECKING:
    from tests.model.money.plans import Membership
    from tests.model.reference import World

Priced = tuple[Plan, int]
"""A plan and its fee."""
_TICK = timedelta(microseconds=1)


def no_change(world: World, one: Membership, event: Turns) -> Iterator[str]:
    """Why it cannot be, the first reason first."""
    plans = {plan.id: plan for plan in world.terms(world.now).program.plans}
    if one.state not in ("active", "trial"):
        yield "not_running"
        return
    if event.plan not in plans:
        yield "unknown_plan"
        return
    if event.plan == one.plan and (event.at_once or not one.chosen):
        yield "same_plan"
    if event.at_once and one.starts > world.now:
        yield "paid_ahead"
    if event.at_once and one.trial and plans[event.plan].trial is None:
        yield "no_trial"


def costs(one: Membership, old: Priced, other: Priced, now: datetime) -> int:
    """For a term as long: what the rest of it costs more, or less, of what there is to give back.
    For another: the fee, less what was paid for the rest and is not back already. Halves up."""
    (plan, was), (others, fee) = old, other
    share = Fraction((one.until - now) // _TICK, (one.until - one.starts) // _TICK)
    if plan.term == others.term:
        return max(_near((fee - was) * share), -one.paid)
    rest = _near(one.price * share) - one.returned
    return fee - sorted((0, rest, one.paid))[1]


def _near(amount: Fraction) -> int:
    return floor(amount + Fraction(1, 2))
