"""What members under age, and buyers of a company, may still spend in this period."""

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
    """Say of those of these members who may spend so much only how much of it is left.

    Shape: members under age as the program says; buyers of a company as it was said of them, or as
    the program says. A program without such limits asks nothing.
    Assumes: whoever is to spend is under lock.
    """
    version = terms.at(tx.now)
    household = version.program.household
    if not states or household is None or (household.minors or household.buyers) is None:
        return
    people = {state.member_id: state for state in states.values()}
    places = await unions.places(tx, sorted(people))
    for role, said in (("minor", household.minors), ("buyer", household.buyers)):
        mine = {id_: place for id_, place in places.items() if place.role == role}
        if said is None or not mine:
            continue
        day = stretch_of(said.per, local(version.zone, tx.now).day).start
        spent = await rewards.spent_since(tx, sorted(mine), day_starts_at(version.zone, day))
        wallets = version.program.wallets
        most = {name: units(points, wallets[name].scale) for name, points in said.points.items()}
        for id_, place in mine.items():
            people[id_].buys = role == "buyer"
            people[id_].allowance = {
                name: limit - spent.get((id_, name), 0)
                for name, limit in (most | place.limits).items()
            }
