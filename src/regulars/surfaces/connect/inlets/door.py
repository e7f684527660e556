"""The address where events come in: checked, kept, answered; booked by the worker afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final, NamedTuple
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, NotFound
from regulars.base.keyed import Keyed
from regulars.flows.inlets.keep_arrivals import ArrivalsKept, KeepArrivals, Sent, keep_arrivals
from regulars.records.inlets import read
from regulars.records.inlets.catching import read as catching
from regulars.records.inlets.types import Inlet, secrets_of
from regulars.surfaces.api.call import Reply, granted
from regulars.surfaces.api.front.request import Request
from regulars.surfaces.api.strict.bodies import LARGEST_BODY, LARGEST_OF_A_SHOP
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.connect.catching.carts_known import CARTS
from regulars.surfaces.connect.catching.keys import NotOpened, ShopKeys, opened, signing
from regulars.surfaces.connect.inlets.kinds import LETTERS, Post
from regulars.surfaces.connect.inlets.mapping import read_mapping
from regulars.surfaces.connect.inlets.packing import unpacked
from regulars.surfaces.connect.inlets.providers.proving import signed_events
from regulars.surfaces.connect.inlets.signing import PATH, BadSignature, Headers
from regulars.surfaces.connect.vendors import ALL_KINDS, SIGNED_FOR, VENDORS
from regulars.surfaces.given import Database, Given

REMEMBERED_S: Final = 0.9
ASK_AGAIN_S: Final = 0.8
"""Somebody who signs with a secret that is newer than what we remember does not wait for it; who
guesses asks the database ten times a second and no more."""
MOST_REMEMBERED: Final = 10_000
CHECKOUT_S: Final = 1.0
"""So long somebody at a checkout waits for us."""


class EventsKept(Struct, frozen=True):
    """What came is kept; what becomes of it can be looked up."""

    ids: list[str]
    """One for each event, in their order; the same whenever it comes again."""


class Met(NamedTuple):
    """An inlet, and by what its shop signs where that is its own."""

    inlet: Inlet
    keys: ShopKeys | None = None

    def secrets(self, given: Given) -> tuple[bytes, ...]:
        """Those that are good now, the newest first."""
        now, vendor = given.now(self.inlet.program_id), VENDORS.get(self.inlet.kind)
        if vendor is None or not vendor.signs_by_its_own:
            return secrets_of(given.keyed, self.inlet, now)
        return () if self.keys is None else signing(self.keys, now)


class _Known(NamedTuple):
    until: float
    met: Met | None


class Inlets:
    """The inlets this process has met lately, remembered for less than a second."""

    def __init__(self, database: Database, ticks: Callable[[], float], keyed: Keyed) -> None:
        self._database, self._ticks, self._keyed = database, ticks, keyed
        self._known: dict[UUID, _Known] = {}

    async def one(self, inlet_id: UUID, *, newer_than: Met | None = None) -> Met:
        """The inlet with this id; looked up anew where the one we remember is not good enough.

        Faults: NotFound.
        """
        now = self._ticks()
        known = self._known.get(inlet_id)
        stale = newer_than is not None and known is not None and known.until - now < ASK_AGAIN_S
        if known is None or known.until <= now or stale:
            found = await self._looked_up(inlet_id)
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            known = self._known[inlet_id] = _Known(now + REMEMBERED_S, found)
        if known.met is None:
            raise NotFound("there is nothing at this address")
        return known.met

    async def _looked_up(self, inlet_id: UUID) -> Met | None:
        async with self._database.transaction(0) as tx:
            inlet = await read.by_id(tx, inlet_id)
        vendor = None if inlet is None else VENDORS.get(inlet.kind)
        if inlet is None or vendor is None or not vendor.signs_by_its_own:
            return None if inlet is None else Met(inlet)
        async with self._database.transaction(inlet.program_id) as tx:
            shop = await catching.one(tx, inlet_id)
        if shop is None:
            return Met(inlet)
        try:
            return Met(inlet, opened(self._keyed, (inlet.program_id, inlet_id), shop.keys))
        except NotOpened:
            return Met(inlet)


class Came(NamedTuple):
    """What came in by an inlet, found to be its sender's own."""

    inlet: Inlet
    events: tuple[Sent, ...] | None
    """Nothing where a vendor only said that it is there."""
    post: Post | None = None


async def came_in(given: Given, inlets: Inlets, request: Request, inlet_id: str) -> Came:
    """What another system sent, taken apart.

    Order: whose address it is, so that nobody else sends much; size, signature and time before a
    single byte is read as JSON, as far as they stand outside of it.
    Faults: NotFound, TooLarge, BadSignature, what is no JSON or no event.
    """
    met = await inlets.one(addressed("inl", inlet_id))
    inlet = met.inlet
    vendor = VENDORS.get(inlet.kind)
    most = LARGEST_BODY if vendor is None else LARGEST_OF_A_SHOP
    raw = await request.body(most)
    query = request.query.decode("latin-1")
    at = request.path + (f"?{query}" if query else "")
    headers = _lower(request) | {PATH: at.encode("latin-1", "replace")}
    body = unpacked(raw, headers.get(b"content-encoding"), most)
    if vendor is not None and vendor.greets(headers, body):
        return Came(inlet, None)
    kind = ALL_KINDS[inlet.kind]
    sent_by = given.clock()  # who sends has a real clock, whatever a sandbox shows
    bodies = (raw,) if body is raw else (raw, body)
    others = await _others(given, met, headers)
    try:
        id_ = kind.check((*met.secrets(given), *others), headers, bodies, sent_by)
    except BadSignature:
        again = await inlets.one(inlet.inlet_id, newer_than=met)
        if again.secrets(given) == met.secrets(given):
            raise
        others = await _others(given, again, headers)
        id_ = kind.check((*again.secrets(given), *others), headers, bodies, sent_by)
    post = Post(id_, headers, body, at)
    if inlet.kind == LETTERS and (signed_by := read_mapping(inlet.mapping).signed_by):
        return Came(inlet, await signed_events(given, signed_by, post, bodies))
    return Came(inlet, kind.events(post), post)


async def _others(given: Given, met: Met, headers: Headers) -> tuple[bytes, ...]:
    """By which keys else it may be signed, where somebody signs for the shop."""
    trusted = SIGNED_FOR.get(met.inlet.kind)
    if trusted is None or met.keys is None:
        return ()
    return await trusted(met.keys, headers, given.fetch)


async def take_in(given: Given, inlets: Inlets, request: Request, inlet_id: str) -> Reply:
    """Keep what another system sent.

    Order: answered once it is durable. Nothing of it is booked here (ADR 0503).
    Keeps: somebody at a checkout waits for a second at most, also where nobody can be asked whose
    shop it is; then, and whatever breaks, they hear that it goes on.
    Faults: as `came_in`; EventReused.
    """
    headers = _lower(request)
    carts = next((one for one in CARTS.values() if one.sent_by(headers)), None)
    if carts is None:
        return await _taken_in(given, inlets, request, inlet_id)
    going = asyncio.ensure_future(_taken_in(given, inlets, request, inlet_id))
    done, _ = await asyncio.wait({going}, timeout=CHECKOUT_S)
    if not done:
        going.cancel()
        return Reply(carts.goes_on, 200)
    wrong = going.exception()
    if isinstance(wrong, Fault):
        raise wrong
    return going.result() if wrong is None else Reply(carts.goes_on, 200)


async def _taken_in(given: Given, inlets: Inlets, request: Request, inlet_id: str) -> Reply:
    inlet, events, post = await came_in(given, inlets, request, inlet_id)
    if inlet.kind in CARTS and post is not None:
        return await _at_the_checkout(given, inlet, events or (), post)
    if events is None:
        return Reply(EventsKept([]), 200)
    if not events:  # SNS had its topic confirmed: there is nothing to keep
        return Reply(EventsKept([]), 202)
    outcome = await given.gate.submit(
        inlet.program_id, keep_arrivals, KeepArrivals(inlet.inlet_id, events)
    )
    kept: ArrivalsKept = granted(outcome)
    ids = [shown("arr", one) for one in kept.ids]
    return Reply(EventsKept(ids), 202, replayed=kept.replayed)


async def _at_the_checkout(
    given: Given, inlet: Inlet, events: tuple[Sent, ...], post: Post
) -> Reply:
    """Answer somebody who waits at a checkout, at once and with what they want to hear.

    Keeps: what could not be kept in time is asked for by the next catch-up.
    """
    carts = CARTS[inlet.kind]
    if not events:
        return Reply(await carts.answer(given, inlet, post), 200)
    wish = KeepArrivals(inlet.inlet_id, events)
    kept = asyncio.ensure_future(given.gate.submit(inlet.program_id, keep_arrivals, wish))
    kept.add_done_callback(_looked_at)  # whoever asked may be gone by then
    await asyncio.wait({kept}, timeout=CHECKOUT_S)
    return Reply(carts.goes_on, 200)


def _looked_at(kept: asyncio.Future[Any]) -> None:
    """Nobody is told of what broke as forgotten."""
    if not kept.cancelled():
        kept.exception()


def _lower(request: Request) -> dict[bytes, bytes]:
    """The headers by their names in small letters; of one that is said twice, both."""
    found: dict[bytes, bytes] = {}
    for name, value in request.headers:
        small: Any = name.lower()
        found[small] = found[small] + b" " + value if small in found else value
    return found
