"""What milestones gave for the sales of a batch and had lapsed: returns do not take it twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.compiling.stones import Stone
from regulars.engine.returning.sale import Sale
from regulars.engine.rewarding.milestones import cause_of
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.recording.sales import Sales
from regulars.records.ledger import read as ledger
from regulars.records.members.unions import read as unions


async def load_lapsed(
    tx: Tx, terms: Terms, sales: Sales, states: Mapping[UUID, MemberState]
) -> None:
    """Tell each sale what had lapsed of the milestones it counted for; mostly nothing is asked.

    Order: after its member is held, so that nobody is merged meanwhile.
    """
    counted = [one for one in sales.sales.values() if _stones(terms, one)]
    if not counted:
        return
    owners = {one.activity.member_id: _now(states, one.activity.member_id) for one in counted}
    merged = await unions.merged(tx, sorted(set(owners.values())))
    asked: dict[UUID, list[UUID]] = {}
    for sale in counted:
        owner = owners[sale.activity.member_id]
        sale.merged = merged.get(owner, ())
        asked[sale.activity.activity_id] = _causes(terms, sale, (owner, *sale.merged))
    members = sorted({*owners.values(), *(one for many in merged.values() for one in many)})
    causes = sorted({cause for mine in asked.values() for cause in mine})
    lapsed = await ledger.lapsed(tx, members, causes)
    for sale in counted:
        mine = asked[sale.activity.activity_id]
        sale.lapsed_of_milestones = {cause: lapsed[cause] for cause in mine if cause in lapsed}


def _now(states: Mapping[UUID, MemberState], member_id: UUID) -> UUID:
    """As whom somebody stands by now."""
    return states[member_id].member_id if member_id in states else member_id


def _causes(terms: Terms, sale: Sale, members: Sequence[UUID]) -> list[UUID]:
    return [
        cause_of(member_id, stone, stone.period(sale.steps.day))
        for stone in _stones(terms, sale)
        for member_id in members
    ]


def _stones(terms: Terms, sale: Sale) -> list[Stone]:
    """The milestones a sale counts for; boards and draws give nothing that could lapse."""
    if not any(sale.steps.milestones):
        return []
    stones = terms.numbered(sale.steps.version).stones
    each = zip(stones, sale.steps.milestones, strict=True)
    return [stone for stone, counted in each if counted and not stone.board]
