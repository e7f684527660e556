"""A page of a shop is read by another program: what that one is told, and what it tells.

Whoever sends what it asks for stays where it was: keys go with no request but those it is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from regulars.base.ids import id_of
from regulars.flows.commands import RecordActivity
from regulars.flows.inlets.about_people import About
from regulars.flows.inlets.again.telling import Stands
from regulars.flows.inlets.book_arrivals import BookArrival, Told, Unknown
from regulars.flows.inlets.carts.claims import OrderedCart
from regulars.flows.inlets.carts.promises import PaidCart
from regulars.flows.inlets.keep_arrivals import Sent
from regulars.flows.recording.before.told_elsewhere import Beside
from regulars.records.inlets.catching.types import Answered
from regulars.records.inlets.types import Arrival, Inlet
from regulars.records.members.types import MemberRef
from regulars.surfaces.connect.catching.asking import NotTold, Page, Send, Shop, Since
from regulars.surfaces.connect.catching.keys import ShopKeys
from regulars.surfaces.connect.catching.shops_known import asker
from regulars.surfaces.connect.catching.told import told_by
from regulars.surfaces.connect.inlets.reading import Place
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending
from regulars.surfaces.senders.outgoing.guard import NotAllowed

APART: Final = ("woocommerce", "shopify", "magento")
"""Kinds of shops whose pages may be read so: asking them keeps nothing, and gives no new keys."""
_NOBODYS: Final = id_of(bytes(16))


class PageOrder(Struct, frozen=True, tag="page"):
    """Which shop is asked from where on, and by what its orders are read."""

    address: str
    keys: ShopKeys
    since: Since
    now: datetime
    """By which the shop is asked."""
    inlet: Inlet
    place: Place
    is_asked: bool
    came_at: datetime
    """By the program's own clock."""


class Asks(Struct, frozen=True, tag="asks"):
    """This is to be sent to the shop."""

    sending: Sending


class Heard(Struct, frozen=True, tag="heard"):
    """What the shop answered."""

    answer: Answer


class Unheard(Struct, frozen=True, tag="unheard"):
    """Why it answered nothing; `refused`: it is nobody we talk to."""

    why: str
    refused: bool


class Tell(Struct, frozen=True, array_like=True):
    """One activity; `places` is a number in the list of its page."""

    command: RecordActivity
    refs: tuple[MemberRef, ...]
    unknown: Unknown
    places: int
    beside: Beside


class Reading(Struct, frozen=True, array_like=True):
    """What an event tells, as far as it can be handed over."""

    tells: tuple[Tell, ...]
    about: About | None = None
    codes: tuple[str, ...] = ()
    cart: PaidCart | None = None
    ordered: OrderedCart | None = None
    snapshot: bool = False
    stands: Stands = ""


class Came(Struct, frozen=True, array_like=True):
    """One event of a page, and what it tells; nothing where whoever asked reads it by itself."""

    key: bytes
    content: bytes
    type: str
    name: str
    beside: str
    body: bytes
    told_at: datetime | None
    reading: Reading | None


class PageRead(Struct, frozen=True, tag="read"):
    """A page with what its events tell."""

    answered: Answered
    events: list[Came]
    places: list[dict[str, str]]


class NotRead(Struct, frozen=True, tag="not"):
    """The shop did not tell it, and why."""

    why: str
    wait_s: int


class Broke(Struct, frozen=True, tag="broke"):
    """Something went wrong, and what; whoever asked tries by itself."""

    why: str = ""


pack: Final = msgspec.msgpack.Encoder().encode
said: Final = msgspec.msgpack.Decoder(Asks | PageRead | NotRead | Broke).decode
heard: Final = msgspec.msgpack.Decoder(Heard | Unheard).decode


async def read_apart(order: PageOrder, send: Send) -> PageRead | NotRead:
    """One page, asked for and read. Raises: whatever is a mistake of ours."""
    shop = Shop(order.address, order.keys, order.now)
    try:
        page = await asker(order.inlet.kind, order.inlet.mapping).page(send, shop, order.since)
    except NotTold as why:
        return NotRead(why.why, why.wait_s)
    except (NoAnswer, NotAllowed) as why:
        return NotRead(why.why, 0)
    places: list[dict[str, str]] = []
    roots: Any = page.roots or (None,) * len(page.events)
    events = [
        Came(
            e.key.bytes, e.content.bytes, e.type, e.name, e.beside, e.body, e.told_at,
            _reading(e, root, order, places) if page.answered.full else None,
        )
        for e, root in zip(page.events, roots, strict=True)
    ]  # fmt: skip
    return PageRead(page.answered, events, places)


def _reading(
    sent: Sent, root: Any, order: PageOrder, places: list[dict[str, str]]
) -> Reading | None:
    """What an event tells; nothing of one that tells no activity or person, or breaks."""
    told = (sent.type, sent.name, sent.beside, sent.body, order.came_at)
    one = Arrival(_NOBODYS, order.inlet.inlet_id, *told, told_at=sent.told_at)
    try:
        found = told_by(one, order.inlet, order.place, is_asked=order.is_asked, root=root)
    except Exception:
        return None  # whoever asked reads it once more, and says what is wrong
    if found.ended or found.letter or found.subscription or found.partner:
        return None
    tells = tuple(
        Tell(tell.command, tell.refs, tell.unknown, _number(tell.places, places), tell.beside)
        for tell in found.tells
    )
    return Reading(
        tells, found.about, found.codes, found.cart, found.ordered, found.snapshot, found.stands
    )


def _number(places: Mapping[str, str], known: list[dict[str, str]]) -> int:
    """The number of these; a mapping has one such list for each activity, so they are few."""
    for number, one in enumerate(known):
        if one is places:
            return number
    known.append(places if isinstance(places, dict) else dict(places))
    return len(known) - 1


class Readings:
    """What was read of a page, for whoever books it. Raises: ValueError, where it cannot be so."""

    def __init__(self, found: PageRead) -> None:
        _check(found)
        self.page = Page(tuple(_sent(one) for one in found.events), found.answered)
        self._places = found.places
        self._by_key = {
            sent.key: one.reading for sent, one in zip(self.page.events, found.events, strict=True)
        }

    def of(self, key: Any, arrival: Arrival) -> BookArrival | None:
        """What this one tells, where it was read."""
        found = self._by_key.get(key)
        if found is None:
            return None
        tells = tuple(
            Told(one.command, one.refs, one.unknown, self._places[one.places], one.beside)
            for one in found.tells
        )
        return BookArrival(
            arrival, tells, about=found.about, codes=found.codes, cart=found.cart,
            ordered=found.ordered, snapshot=found.snapshot, stands=found.stands,
        )  # fmt: skip


def _check(found: PageRead) -> None:
    tells = (tell for one in found.events if one.reading for tell in one.reading.tells)
    if not all(0 <= tell.places < len(found.places) for tell in tells):
        raise ValueError("places that are not there")


def _sent(one: Came) -> Sent:
    told = (one.type, one.name, one.beside, one.body, one.told_at)
    return Sent(id_of(one.key), id_of(one.content), *told)
