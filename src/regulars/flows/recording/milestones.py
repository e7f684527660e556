"""What milestones gave for the sales of a batch and had lapsed: returns do not take it twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.calendar import local
from regulars.engine.returning.sale import Sale
from regulars.engine.rewarding.milestones import cause_of
from regulars.engine.terms import Terms
from regulars.flows.recording.sales import Sales
from regulars.records.ledger import read as ledger
from regulars.records.members.unions import read as unions


async def load_lapsed(tx: Tx, terms: Terms, sales: Sales) -> None:
    """Tell each sale what had lapsed of the milestones it counted for; mostly nothing is asked."""
    asked = {sale_id: sale for sale_id, sale in sales.sales.items() if any(sale.steps.milestones)}
    if not asked:
        return
    sellers = {sale.activity.member_id for sale in asked.values()}
    above = await unions.above(tx, sellers)
    for sale in asked.values():
        sale.under = above.get(sale.activity.member_id, ())
    causes = {sale_id: causes_of(terms, sale) for sale_id, sale in asked.items()}
    owners = {cause: who for mine in causes.values() for cause, who in mine.items()}
    lapsed = await ledger.lapsed(tx, owners)
    for sale_id, mine in causes.items():
        found = {cause: lapsed[cause] for cause in mine if cause in lapsed}
        asked[sale_id].lapsed_of_milestones = found


async def load_lapsed_before(
    tx: Tx, terms: Terms, sales: Sales, awaited: Iterable[tuple[UUID, str, datetime]]
) -> None:
    """The same for sales of this batch for which a return waits: it is decided right after them, to
    the end it would have come to a moment later (semantics D6)."""
    owners: dict[UUID, UUID] = {}
    for member_id, kind, at in awaited:
        version = terms.at(at)
        day = local(version.zone, at).day
        owners |= {
            cause_of(member_id, stone, stone.period(day)): member_id
            for stone in version.stones
            if stone.counts.on == kind and not stone.board
        }
    if owners:
        sales.lapsed_of_milestones = await ledger.lapsed(tx, owners)


def causes_of(terms: Terms, sale: Sale) -> dict[UUID, UUID]:
    """Under what the milestones a sale counted for were given, and to whom each."""
    stones = terms.numbered(sale.steps.version).stones
    return {
        cause_of(member_id, stone, stone.period(sale.steps.day)): member_id
        for stone, counted in zip(stones, sale.steps.milestones, strict=True)
        if counted and not stone.board
        for member_id in (sale.activity.member_id, *sale.under)
    }
