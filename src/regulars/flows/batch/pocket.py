"""What members under age may still spend in this period, as the program says."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from regulars.base.decimals import units
from regulars.base.tx import Tx
from regulars.engine.calendar import day_starts_at, local, stretch_of
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.records.members.unions import read as unions
from regulars.records.rewards import read as rewards


async def load_allowances(tx: Tx, terms: Terms, states: Mapping[UUID, MemberState]) -> None:
    """Say of those of these members who are under age how much they may still spend.

    A program without such a limit asks nothing.
    Assumes: whoever is to spend is under lock.
    """
    version = terms.at(tx.now)
    household = version.program.household
    if not states or household is None or household.minors is None:
        return
    people = {state.member_id: state for state in states.values()}
    places = await unions.places(tx, sorted(people))
    minors = sorted(id_ for id_, place in places.items() if place.role == "minor")
    if not minors:
        return
    said = household.minors
    day = stretch_of(said.per, local(version.zone, tx.now).day).start
    spent = await rewards.spent_since(tx, minors, day_starts_at(version.zone, day))
    for id_ in minors:
        people[id_].allowance = {
            name: units(most, version.program.wallets[name].scale) - spent.get((id_, name), 0)
            for name, most in said.points.items()
        }
