"""Whom new rates touch that hold for what happened already, and by how much, beforehand."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.engine.compiling.rating import Rating
from regulars.engine.restating.rates import rate_again
from regulars.engine.state import Changes
from regulars.engine.terms import Terms
from regulars.flows.terms.comes.versions import coming
from regulars.flows.terms.rates.told import begins_at, tell
from regulars.records.activity import read as activities
from regulars.records.ledger.types import Account
from regulars.records.program.types import Program
from regulars.records.standing.crowd.types import NOBODY_BEFORE

AT_ONCE: Final = 500
MOST: Final = 5_000
"""So many members are looked at before a plan says that there are more."""


class RatedAnew(Struct, frozen=True):
    """What rates come to that hold for what happened already.

    Units: points in the wallet's smallest unit, what members get more and what is taken of them.
    """

    from_on: str
    members: int
    activities: int
    more: dict[str, int]
    less: dict[str, int]
    all_counted: bool
    """False when there are more members than were looked at."""


async def plan_rates(tx: Tx, program: Program, start: datetime) -> RatedAnew | None:
    """What the tables of a program would do to what happened since the day it names; nothing for a
    program that names none. Read, and nothing written."""
    from_on = program.changeover.rates_from_on
    if from_on is None:
        return None
    now, terms = await coming(tx, program, start)
    number = terms.versions[-1].number
    rating = next((one for one in terms.ratings if one.number == number), None)
    if rating is None:
        return RatedAnew(from_on, 0, 0, {}, {}, True)
    was, tx.now = tx.now, max(start, tx.now)  # for what is worked out it is in force
    try:
        return await _counted(tx, (now, terms), rating, from_on)
    finally:
        tx.now = was


async def _counted(tx: Tx, both: tuple[Terms, Terms], rating: Rating, from_on: str) -> RatedAnew:
    now, terms = both
    members, deeds, seen, place = 0, 0, 0, NOBODY_BEFORE
    more: dict[str, int] = {}
    less: dict[str, int] = {}
    asked = (sorted(rating.kinds), begins_at(terms, rating), tx.now)
    while found := await activities.who_did(tx, asked, place, AT_ONCE):
        states, changes = await tell(tx, terms, rating, found, now)
        for state in states.values():
            rated = rate_again(changes, state, terms, tx.now)
            members, deeds = members + (rated > 0), deeds + rated
        _add(terms, changes, more, less)
        seen, place = seen + len(found), found[-1]
        if len(found) < AT_ONCE or seen >= MOST:
            return RatedAnew(from_on, members, deeds, more, less, len(found) < AT_ONCE)
    return RatedAnew(from_on, members, deeds, more, less, True)


def _add(terms: Terms, changes: Changes, more: dict[str, int], less: dict[str, int]) -> None:
    for entry in changes.entries:
        for one in entry.postings if entry.kind == "restate" else ():
            if one.account == Account.ISSUED:
                into, name = more if one.amount < 0 else less, terms.wallet_names[one.wallet]
                into[name] = into.get(name, 0) + abs(one.amount)
