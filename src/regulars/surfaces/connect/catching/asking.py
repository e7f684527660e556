"""Asks a shop for one page of what changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

from regulars.base.keyed import Keyed
from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.inlets.catching.types import Answered, CatchUp
from regulars.surfaces.connect.catching.keys import NotOpened, ShopKeys, opened
from regulars.surfaces.senders.outgoing.client import Answer, Client, NoAnswer, Sending
from regulars.surfaces.senders.outgoing.guard import NotAllowed

LONGEST_PAGE: Final = 32 * 1024 * 1024
PATIENCE_S: Final = 60.0
OURS: Final = "a mistake of ours, or an answer that nobody expected; the log tells more of it"
Send = Callable[[Sending], Awaitable[Answer]]
"""Asks another machine. Raises: NoAnswer, NotAllowed."""
Keeps = Callable[[ShopKeys], Awaitable[None]]
"""Keeps keys that a shop gave in place of those by which it was asked."""


class ShopClient(Client):
    """Reads a whole page of orders."""

    longest = LONGEST_PAGE


class NotTold(Exception):
    """The shop answered, and not what was asked for; `why` says it for whoever connected it."""

    def __init__(self, why: str, wait_s: int = 0) -> None:
        super().__init__(why)
        self.why, self.wait_s = why, wait_s
        """`wait_s`: it only asks for so long a pause; nothing is wrong."""


class Odd(NotTold):
    """It answered, and not this one question; others it may answer well."""


class InPart(Odd):
    """It answered this question but for one thing it may not say, so the question stays open."""

    def __init__(self, why: str, told: Sent) -> None:
        super().__init__(why)
        self.told = told
        """What it said, which is the same one until anything of it changes."""


def refused(status: int) -> type[NotTold]:
    """What such an answer means: that we may not ask, or that it has none to this question."""
    return NotTold if status in (401, 403, 429) else Odd


def pause_of(answer: Answer, longest_s: int) -> NotTold:
    """The pause an answer asks for, as its header says it or for ten seconds."""
    said = answer.headers.get("retry-after", "")
    seconds = int(said[:9]) if said.isascii() and said.isdigit() else 10
    return NotTold("it asks for a pause", max(1, min(seconds, longest_s)))


class Shop(NamedTuple):
    """Where a shop is, and by which keys it lets itself be asked."""

    address: str
    keys: ShopKeys
    at: datetime | None = None
    """When it is asked, where what is signed for it has to say so."""
    keeps: Keeps | None = None
    """Keeps what it gives anew of its keys."""


class Since(NamedTuple):
    """From where on what changed is asked for: a moment, and the page of what comes after it."""

    at: datetime
    page: int = 1
    is_first: bool = False
    """Whether nothing was read to its end since somebody said from when on."""


class Page(NamedTuple):
    """What one page told: events as its webhooks tell them, and how far it is with them."""

    events: tuple[Sent, ...]
    answered: Answered
    roots: tuple[Any, ...] = ()
    """Of each event what its body says, where that was read already, or nothing."""


class Asked(Protocol):
    """How one vendor's shop is asked."""

    async def page(self, send: Send, shop: Shop, since: Since) -> Page:
        """One page of what changed from there on, oldest change first.

        Raises: NotTold; NoAnswer and NotAllowed, as they come.
        """


async def ask(
    send: Send,
    vendor: Asked,
    keyed: Keyed,
    place: tuple[int, CatchUp],
    now: datetime,
    keeps: Keeps | None = None,
) -> Page:
    """One page of what changed in this program's shop. Raises: NotTold, whatever went wrong."""
    shop, one = shop_of(keyed, place)._replace(at=now, keeps=keeps), place[1]
    since = Since(one.read_to, one.page_asked, one.met_at is None)
    try:
        return await vendor.page(send, shop, since)
    except (NoAnswer, NotAllowed) as why:
        raise NotTold(why.why) from None


def shop_of(keyed: Keyed, place: tuple[int, CatchUp]) -> Shop:
    """This program's shop with its keys, opened. Raises: NotTold."""
    program_id, one = place
    try:
        return Shop(one.address, opened(keyed, (program_id, one.inlet_id), one.keys))
    except NotOpened:
        raise NotTold("its keys are of another installation: enter them again") from None
