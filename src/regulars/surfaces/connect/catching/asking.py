"""Asks a shop for one page of what changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, NamedTuple, Protocol, runtime_checkable

from regulars.base.keyed import Keyed
from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.inlets.catching.types import Answered, CatchUp
from regulars.surfaces.connect.catching.keys import NotOpened, ShopKeys, opened
from regulars.surfaces.senders.outgoing.client import Answer, Client, NoAnswer, Sending
from regulars.surfaces.senders.outgoing.guard import NotAllowed

LONGEST_PAGE: Final = 32 * 1024 * 1024
PATIENCE_S: Final = 60.0
Send = Callable[[Sending], Awaitable[Answer]]
"""Asks another machine. Raises: NoAnswer, NotAllowed."""


class ShopClient(Client):
    """Reads a whole page of orders."""

    longest = LONGEST_PAGE


class NotTold(Exception):
    """The shop answered, and not what was asked for; `why` says it for whoever connected it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Page(NamedTuple):
    """What one page told: events as its webhooks tell them, and how far it is with them."""

    events: tuple[Sent, ...]
    answered: Answered


class Asked(Protocol):
    """How one vendor's shop is asked."""

    def page_asked(self, address: str, keys: ShopKeys, since: datetime, page: int) -> Sending:
        """What to send for one page of what changed after this moment, oldest change first."""

    def page_told(self, answer: Answer) -> Page:
        """What came back. Raises: NotTold."""


@runtime_checkable
class AskedInParts(Protocol):
    """How a vendor is asked where one page takes several questions."""

    async def page(self, send: Send, keys: ShopKeys, one: CatchUp) -> Page:
        """One page of what changed, oldest change first. Raises: NotTold."""


async def ask(
    send: Send, vendor: Asked | AskedInParts, keyed: Keyed, place: tuple[int, CatchUp]
) -> Page:
    """One page of what changed in this program's shop. Raises: NotTold, whatever went wrong."""
    program_id, one = place
    try:
        keys = opened(keyed, (program_id, one.inlet_id), one.keys)
    except NotOpened:
        raise NotTold("its keys are of another installation: enter them again") from None
    if isinstance(vendor, AskedInParts):
        return await vendor.page(send, keys, one)
    return await ask_with(send, vendor, one.address, (keys, one.read_to, one.page))


async def ask_with(
    send: Send, vendor: Asked, address: str, what: tuple[ShopKeys, datetime, int]
) -> Page:
    """The same with keys at hand. Raises: NotTold."""
    keys, since, page = what
    try:
        return vendor.page_told(await send(vendor.page_asked(address, keys, since, page)))
    except NoAnswer as why:
        raise NotTold(why.why) from None
    except NotAllowed as why:
        raise NotTold(why.why) from None
