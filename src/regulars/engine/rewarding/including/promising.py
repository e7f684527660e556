"""A benefit as it is promised at the moment it is used, for ever kept with the use."""

from __future__ import annotations

from datetime import datetime

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.engine.rewarding.having import wallet_code
from regulars.engine.rewarding.including import appointments, guests
from regulars.engine.rewarding.including.appointments import Taken
from regulars.engine.rewarding.including.guests import ALONE, Party
from regulars.engine.terms import Version
from regulars.records.benefits.types import Included
from regulars.records.program.types import Benefit


def worth_of(version: Version, benefit: Benefit) -> int:
    """What one use is worth to the member, in minor units."""
    return units(benefit.worth, decimals(version.program.currency))


def promise(
    version: Version,
    benefit: Benefit,
    period: int | None,
    party: Party = ALONE,
    at: tuple[datetime, Taken] | None = None,
) -> Included:
    """The benefit as it is promised now.

    Shape: `period` is the stretch of the allowance on which it counts, nothing when it counts on a
    grant; `at` is the time that is booked and who is there already.
    Units: worth and cost are those of everybody who comes, each guest that counts like the member.
    """
    scale = decimals(version.program.currency)
    worth, gives = worth_of(version, benefit), benefit.gives
    cost = worth if benefit.cost is None else units(benefit.cost, scale)
    times = guests.counts(benefit, party)
    counted = period is not None and benefit.allowance is not None
    return Included(
        name=benefit.name,
        worth_minor=worth * times,
        cost_minor=cost * times,
        counter=version.benefit_counters[benefit.id] if counted else 0,
        period=period or 0 if counted else 0,
        plan=benefit.plan or "" if period is not None else "",
        wallet=0 if gives is None else wallet_code(version, gives.wallet),
        points=0
        if gives is None
        else units(gives.points, version.program.wallets[gives.wallet].scale),
        times=times,
        guests=party.people,
        guest_ids=tuple(sorted(party.members)),
        booked=None if at is None else appointments.booked(version, benefit, *at),
    )
