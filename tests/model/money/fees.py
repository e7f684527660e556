"""What a term of a membership costs where its plan's fee changed since, by hand.

A lower fee is asked for at once. A higher one only once its member was told of it so many days of
the calendar before the term, and by the first night that could tell them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.model import wall
from tests.model.kept import Terms

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.records.program.types import Plan

if TYPE_CHECKING:
    from tests.model.money.plans import Membership
    from tests.model.reference import World


def fee_of(terms: Terms, plan: Plan) -> int:
    return units(plan.fee, decimals(terms.program.currency))


def due(world: World, one: Membership) -> int:
    """What the next term costs: never more than today's fee, nor than what was promised."""
    terms = world.terms(world.now)
    plans = {plan.id: plan for plan in terms.program.plans}
    promised = one.agreed
    if one.chosen:
        promised = one.chosen_price
    elif heard_in_time(world, one, plans[one.plan]):
        promised = one.heard[-1][1]
    return min(fee_of(terms, plans[one.chosen or one.plan]), promised)


def heard_in_time(world: World, one: Membership, plan: Plan) -> bool:
    """Whether what they heard counts for the next term: since when they know is what matters."""
    if not one.heard:
        return False
    known_since = one.heard[0][0]
    zone = world.terms(world.now).zone
    return wall.later(zone, known_since, f"{plan.price_notice} days") <= one.until


def tells(world: World) -> None:
    """By night: of more than they know, one notice at a time; and of less than they were told."""
    terms = world.terms(world.now)
    plans = {plan.id: plan for plan in terms.program.plans}
    for one in world.plans.values():
        if one.state in ("cancelled", "ended") or one.chosen:
            continue
        fee = fee_of(terms, plans[one.plan])
        last = one.heard[-1][1] if one.heard else None
        if fee < last if last is not None else fee > one.agreed:
            one.heard = (*one.heard, (world.now, fee)) if fee > one.agreed else ()
