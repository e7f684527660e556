"""What a member could pay of a basket with points: asked beforehand, nothing is held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.tx import Tx
from regulars.engine.deciding import tiering
from regulars.engine.deciding.expire import expire
from regulars.engine.moving.paying import quote_together
from regulars.engine.returning.owed import as_paid
from regulars.engine.rewarding.counter.currencies import Abroad, abroad, pays_not
from regulars.engine.rewarding.having import Wish
from regulars.engine.rewarding.paying import Basket, Quote, quote
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.overdue import overdue
from regulars.flows.batch.pocket import load_allowances
from regulars.flows.points.wishing import no_place, pool_of
from regulars.records.members.types import nobody
from regulars.records.members.unions import read as unions
from regulars.records.members.unions.types import Household
from regulars.records.program.parts.rewards import PAYING


async def quote_payment(
    tx: Tx, terms: Terms, member_id: UUID, basket: Basket, currency: str = ""
) -> Quote | Refused:
    """What would be paid now; nothing is locked and nothing written.

    Order: what is due is done to a copy first, as when it is asked in earnest.
    Faults: UnknownMember; Invalid for a currency in which points do not pay.
    """
    version, changes = terms.at(tx.now), Changes(tx.new_id)
    where = _where(version, basket, currency, tx.now)
    states = await _looked_at(tx, terms, changes, [member_id])
    state = states[member_id]
    expire(changes, state, tx.now)
    tiering.review(changes, state, version, tx.now)
    return quote(version, as_paid(state), basket, where, tx.now)


async def quote_household(
    tx: Tx, terms: Terms, member_id: UUID, basket: Basket, currency: str = ""
) -> Quote | Refused:
    """What this member could pay now with the points of their household; nothing is held.

    Refuses: also `no_households`, `head_only`. Faults: as `quote_payment`; NotFound for a member
    who belongs to no household.
    """
    version, changes = terms.at(tx.now), Changes(tx.new_id)
    _where(version, basket, currency, tx.now)
    household = await household_of(tx, member_id)
    no = no_place(version, member_id, household)
    if isinstance(no, Fault):
        raise no
    if no is not None or household is None:
        return no or Refused("no_households", "this program has no households")
    states = await _looked_at(tx, terms, changes, [one.member_id for one in household.places])
    pool = pool_of(states, states[member_id], household)
    wish = Wish(PAYING, tx.new_id(), tx.now, "", "", "", currency=currency)
    return quote_together(changes, pool, version, wish, basket)


async def household_of(tx: Tx, member_id: UUID) -> Household | None:
    """The household a member belongs to now, if any."""
    place = (await unions.places(tx, [member_id])).get(member_id)
    if place is None:
        return None
    return (await unions.households(tx, [place.household_id]))[place.household_id]


async def _looked_at(
    tx: Tx, terms: Terms, changes: Changes, members: Sequence[UUID]
) -> dict[UUID, MemberState]:
    """These members as they stand, what they did not take in time given back on paper."""
    states = await hold_members(tx, terms, members, with_lots=members, lock=False)
    if not states.keys() >= set(members):
        raise nobody()
    late = await overdue(tx, states)
    changes.stock |= dict.fromkeys(late.stocked(), 0)
    late.lapse(changes, states, terms, tx)
    await load_allowances(tx, terms, states)
    return states


def _where(version: Version, basket: Basket, currency: str, now: datetime) -> Abroad:
    wrong = pays_not(version, currency, basket.wallet, now)
    where = wrong or abroad(version, currency, now, "/pay/basket/currency")
    if isinstance(where, Invalid):
        raise where
    return where
