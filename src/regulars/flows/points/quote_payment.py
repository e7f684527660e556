"""What a member could pay of a basket with points: asked beforehand, nothing is held."""

from __future__ import annotations

from uuid import UUID

from regulars.base.faults import Invalid, Refused
from regulars.base.tx import Tx
from regulars.engine.deciding import tiering
from regulars.engine.deciding.expire import expire
from regulars.engine.rewarding.counter.currencies import abroad, pays_not
from regulars.engine.rewarding.paying import Basket, Quote, quote
from regulars.engine.state import Changes
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.overdue import overdue
from regulars.flows.batch.pocket import load_allowances
from regulars.records.members.types import nobody


async def quote_payment(
    tx: Tx, terms: Terms, member_id: UUID, basket: Basket, currency: str = ""
) -> Quote | Refused:
    """What would be paid now; nothing is locked and nothing written.

    Order: what is due is done to a copy first, as when it is asked in earnest.
    Faults: UnknownMember; Invalid for a currency in which points do not pay.
    """
    states = await hold_members(tx, terms, [member_id], with_lots=[member_id], lock=False)
    if member_id not in states:
        raise nobody()
    state, version, changes = states[member_id], terms.at(tx.now), Changes(tx.new_id)
    late = await overdue(tx, states)
    changes.stock |= dict.fromkeys(late.stocked(), 0)
    late.lapse(changes, states, terms, tx)
    expire(changes, state, tx.now)
    tiering.review(changes, state, version, tx.now)
    await load_allowances(tx, terms, states)
    wrong = pays_not(version, currency, basket.wallet, tx.now)
    where = wrong or abroad(version, currency, tx.now, "/pay/basket/currency")
    if isinstance(where, Invalid):
        raise where
    return quote(version, state, basket, where, tx.now)
