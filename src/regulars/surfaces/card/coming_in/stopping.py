"""Nothing more by this way: whoever holds a letter of ours says so, without signing in."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.say_consents import SayConsent
from regulars.records.access.members.spelling import stopped_by
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef
from regulars.surfaces.card.desk import Desk, agreeing
from regulars.surfaces.card.inside import Asked
from regulars.surfaces.senders.words.campaigns import STOP_PATH

SOURCE: Final = "a link in a message"


def stop_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The page behind the link below every message of a campaign."""
    page = StopPage(desk)
    return [desk.open(get, STOP_PATH, page.asks), desk.open(post, STOP_PATH, page.stopped)]


class StopPage:
    """Takes back the consent to one channel, by a link that proves whose it is.

    Order: looking at the page changes nothing, as programs that look for harm open every address of
    a letter. The request of a mail program (RFC 8058) and the button are one: a POST to the very
    address, with no cookie and nothing to prove but the link. Done again it changes nothing.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def asks(self, request: Asked) -> Response[Any]:
        """Whether it is meant; nothing happens before the button."""
        link = request.query_params.get("link", "")
        how = "over" if stopped_by(self._desk.keyed, link) is None else "asks"
        return await self._page(request, how, link, status=404 if how == "over" else 200)

    async def stopped(self, request: Asked) -> Response[Any]:
        """Nothing more is sent; also to whom the member stands as by now."""
        link = request.query_params.get("link", "")
        whose = stopped_by(self._desk.keyed, link)
        program_id = await self._desk.program()
        who = None if whose is None else await self._stands_as(program_id, whose[0])
        if whose is None or who is None:
            return await self._page(request, "over", link, status=404)
        said = SayConsent(who, whose[1], "withdrawn", SOURCE)
        done = await self._desk.given.gate.submit(program_id, agreeing, said)
        how = "over" if isinstance(done, Fault) else "done"
        return await self._page(request, how, link, status=404 if how == "over" else 200)

    async def _stands_as(self, program_id: int, member_id: UUID) -> UUID | None:
        async def look(tx: Tx, _: Terms) -> UUID | Fault:
            return (await members.whom(tx, None, [MemberRef(id=member_id)]))[0]

        found = await self._desk.read(program_id, look)
        return found if isinstance(found, UUID) else None

    async def _page(
        self, request: Asked, how: str, link: str, *, status: int = 200
    ) -> Response[Any]:
        return await self._desk.open_page(
            request, "door/stop.html", status=status, how=how, link=link
        )
