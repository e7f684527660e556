"""What the shop had to say to a member and laid into their card; looked at, it is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.campaigns.open_letters import OpenLetters, open_letters
from regulars.records.outbox.campaigns.inbox import read
from regulars.records.outbox.campaigns.inbox.types import Lying
from regulars.surfaces.api.strict.ids import meant, shown
from regulars.surfaces.card.desk import Desk
from regulars.surfaces.card.inside import Asked, Visit

INBOX: Final = "/card/me/inbox"
MOST: Final = 20


def inbox_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page of what lies in the card."""

    async def show(request: Asked) -> Response[Any]:
        visit, seen = await desk.look(request, look_at_inbox)
        fresh = tuple(one.message_id for one in seen["letters"] if one.read_at is None)
        if fresh:
            command = OpenLetters(visit.member.id, fresh)
            await desk.given.gate.submit(await desk.program(), _opening, command)
        return desk.page(request, visit, "me/inbox.html", seen)

    return [desk.open(get, INBOX, show)]


async def look_at_inbox(tx: Tx, visit: Visit, request: Asked) -> Mapping[str, Any]:
    """What lies there, the latest first; what was not opened before is marked."""
    before: UUID | None = meant("msg", str(request.query_params.get("before", "")))
    found: list[Lying] = await read.lying(tx, visit.member.id, before=before, limit=MOST + 1)
    some = found[:MOST]
    return {
        "letters": some,
        "following": shown("msg", some[-1].message_id) if len(found) > MOST else "",
        "now": tx.now,
    }


async def _opening(tx: Tx, _: Terms, batch: Sequence[OpenLetters]) -> Sequence[Any]:
    return await open_letters(tx, batch)
