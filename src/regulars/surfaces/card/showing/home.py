"""The card itself: name, number, the one big number, the tier, and what is within reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from regulars.base.tx import Tx
from regulars.flows.show_standing import show_standing
from regulars.records.outbox.campaigns.inbox import read as inbox
from regulars.records.outbox.surveys.read import waiting
from regulars.surfaces.card.community.gatherings import next_seat
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.card.person.appointments import coming
from regulars.surfaces.card.person.offered import waiting as offers_of
from regulars.surfaces.card.showing.purses import endings_of, purses_of
from regulars.surfaces.card.showing.shelf import shelf_of, won_by
from regulars.surfaces.card.showing.steps import ladders_of

MOST_SHOWN: Final = 3
"""So many rewards of each kind on the card; all of them have a page."""


async def look_at_card(tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
    """Everything on the first page."""
    standing = await show_standing(tx, visit.terms, visit.member.id)
    shelf = shelf_of(visit, standing)
    purses = purses_of(visit, standing)
    almost = [one for one in shelf if one.state == "almost"]
    # Who is near nothing is shown the nearest all the same: it is what they collect for.
    nearest = [one for one in shelf if one.state == "later" and one.lacks]
    return {
        "new": not any(one.units or one.pending or one.owed for one in purses),
        "purse": purses[0] if purses else None,
        "others": purses[1:],
        "ladders": ladders_of(visit, standing),
        "now": [one for one in shelf if one.state == "now"][:MOST_SHOWN],
        "won": won_by(visit, standing),
        "asked": await waiting(tx, visit.member.id) is not None,
        "offered": await offers_of(tx, visit),
        "news": await inbox.unread(tx, visit.member.id),
        "appointment": next(iter(await coming(tx, visit, 1)), None),
        "event": await next_seat(tx, visit),
        "almost": almost[:MOST_SHOWN] or nearest[:1],
        "shelf": shelf,
        "endings": endings_of(visit, standing),
        "today": tx.now,
    }


async def look_at_rewards(tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
    """Every reward, by how near it is."""
    standing = await show_standing(tx, visit.terms, visit.member.id)
    shelf = shelf_of(visit, standing)
    return {
        "shelves": {state: [one for one in shelf if one.state == state]
                    for state in ("now", "almost", "later")},
        "won": won_by(visit, standing),
        "purses": purses_of(visit, standing),
    }  # fmt: skip
