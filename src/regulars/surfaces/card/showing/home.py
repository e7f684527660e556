"""The card itself: name, number, the one big number, the tier, and what is within reach."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Outage
from regulars.base.tx import Tx
from regulars.flows.membership.deliver_messages import Deliver, deliver_messages
from regulars.flows.show_standing import show_standing
from regulars.records.outbox import read as outbox
from regulars.records.outbox.campaigns.inbox import read as inbox
from regulars.records.outbox.surveys.read import waiting
from regulars.surfaces.card.community.gatherings import next_seat
from regulars.surfaces.card.desk import Desk
from regulars.surfaces.card.inside import Asked, Visit
from regulars.surfaces.card.person.appointments import coming
from regulars.surfaces.card.person.offered import waiting as offers_of
from regulars.surfaces.card.showing.purses import endings_of, purses_of
from regulars.surfaces.card.showing.shelf import shelf_of, won_by
from regulars.surfaces.card.showing.steps import ladders_of

_PURPOSES: Final = ("sec-purpose", "purpose", "x-purpose", "x-moz")
"""Where browsers say why they fetch a page: as the standard has it, and as older ones do."""
MOST_SHOWN: Final = 3
"""So many rewards of each kind on the card; all of them have a page."""


def home_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The card itself; what it says of points that lapse was shown to their member."""

    async def show(request: Asked) -> Response[Any]:
        visit, seen = await desk.look(request, look_at_card)
        page = desk.page(request, visit, "home.html", seen)
        with suppress(Outage):  # the card is there all the same; the next time it counts
            program_id, submit = await desk.program(), desk.given.gate.submit
            told = [] if _ahead(request) else [Deliver(one, "card") for one in seen["untold"]]
            await gather(*(submit(program_id, deliver_messages, one) for one in told))
        return page

    return [desk.open(get, "/card", show)]


def _ahead(request: Asked) -> bool:
    """Whether a browser fetches the card ahead of its owner, and has shown nothing to anybody."""
    said = (request.headers.get(name, "").lower() for name in _PURPOSES)
    return any(word in one for one in said for word in ("prefetch", "preview", "prerender"))


async def look_at_card(tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
    """Everything on the first page."""
    standing = await show_standing(tx, visit.terms, visit.member.id)
    shelf = shelf_of(visit, standing)
    purses = purses_of(visit, standing)
    noticed = await outbox.endings(tx, visit.member.id)
    endings = endings_of(visit, standing, noticed)
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
        "endings": endings,
        "untold": [id_ for one in endings for id_ in one.notices if id_ in _unshown(noticed)],
        "today": tx.now,
    }


def _unshown(noticed: Sequence[outbox.Ending]) -> set[UUID]:
    return {one.message_id for one in noticed if one.shown_at is None}


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
