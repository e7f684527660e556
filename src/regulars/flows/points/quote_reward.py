"""What a reward would take and make free of a basket: asked beforehand, nothing is held."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Refused
from regulars.base.tx import Tx
from regulars.engine.deciding.redeem import hold
from regulars.engine.rewarding.having import Wish
from regulars.engine.rewarding.promise import shelves
from regulars.engine.state import Changes
from regulars.engine.terms import Terms
from regulars.flows.batch.cooling import load_taken
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.overdue import overdue
from regulars.flows.batch.pocket import load_allowances
from regulars.flows.commands import Redeem
from regulars.flows.points.choosing.load import load_choices
from regulars.flows.points.wishing import ill_basket, ill_currency, offered_at, wish_of
from regulars.records.members.types import nobody
from regulars.records.rewards import read
from regulars.records.rewards.types import Promised


class RewardQuote(Struct, frozen=True):
    """What a reward would be, were it taken now."""

    reward: str
    promised: Promised


async def quote_reward(
    tx: Tx, terms: Terms, member_id: UUID, command: Redeem
) -> RewardQuote | Refused:
    """What this reward would be for this member now; nothing is locked and nothing written.

    Order: what is due is done to a copy first, then it is decided as in earnest.
    Faults: UnknownMember, and an ill told basket.
    """
    version = terms.at(tx.now)
    wrong = ill_basket(version, command) or ill_currency(version, command, tx.now)
    if wrong is not None:
        raise wrong
    states = await hold_members(tx, terms, [member_id], with_lots=[member_id], lock=False)
    if member_id not in states:
        raise nobody()
    state, changes = states[member_id], Changes(tx.new_id)
    late = await overdue(tx, states)
    there = await read.stock(tx)
    others = await offered_at(tx, version, [command])
    names = [command.reward, *others.get(command.reward, ())]
    wanted = [*shelves(version, names), *late.stocked()]
    changes.stock |= {name: there.get(name, 0) for name in wanted}
    late.lapse(changes, states, terms, tx)
    await load_taken(tx, version, states, names)
    await load_allowances(tx, terms, states)
    await load_choices(tx, terms, states.values())
    wish: Wish = wish_of(tx, command, others)._replace(unproven=None)
    found = hold(changes, state, version, wish)
    return found if isinstance(found, Refused) else RewardQuote(found.reward, found.promised)
