"""Whether an offer is for newcomers alone, and nothing of the kind for those who stayed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.segments.setting import setting_of
from regulars.engine.terms import Terms
from regulars.insight.segments.knowing import ground
from regulars.records.program.changes.offers import read
from regulars.records.program.changes.offers.types import PREFIX, Offer
from regulars.records.program.changes.segments import read as segments
from regulars.records.program.changes.segments.ground import plain
from regulars.records.program.checks.spending.fairness import FAIR, newer, stayed
from regulars.records.program.problems import Problem, worded


async def newcomers_alone(tx: Tx, terms: Terms, one: Offer) -> list[Problem]:
    """What the offer is warned of: its segment takes only newcomers, and no open offer has one
    that takes only whoever stayed.

    Order: a list, and what cannot be told of a condition, is for nobody alone.
    """
    asks = await _conditions(tx, terms) if one.segment_id is not None else {}
    mine = asks.get(one.segment_id) if one.segment_id is not None else None
    if mine is None or not newer(mine):
        return []
    today = tx.now.astimezone(terms.at(tx.now).zone).date()
    for other in await read.opened(tx):
        theirs = None if other.segment_id is None else asks.get(other.segment_id)
        if theirs is not None and not other.over(today) and stayed(theirs):
            return []
    says = worded("only newcomers have this, and nothing of the kind is for those who stayed")
    code = f"newer:{PREFIX}{one.code}"
    return [
        Problem(
            1, 1, "segment", str(says), FAIR, "warning", code, text=says.text, places=says.places
        )
    ]


async def _conditions(tx: Tx, terms: Terms) -> dict[UUID, Any]:
    """What each saved segment asks, other segments in it written out."""
    base = await ground(tx, setting_of(terms, tx.now))
    found = {}
    for one in await segments.segments(tx):
        said = base.segments.get(one.code)
        if said is not None and not isinstance(said, UUID):
            found[one.segment_id] = plain(said, base)
    return found
