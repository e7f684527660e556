"""Sends what was taken for one hook: several lines at once, each line one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Protocol
from uuid import UUID

import structlog
from msgspec import Struct

from regulars.records.outbox.hooks.types import Hook, Line, Sending, Try, Went
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.senders.brokers.posting import MEMBER, TYPE
from regulars.surfaces.senders.hooks.forms import FORMS, Signing
from regulars.surfaces.senders.logged import place_of
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer
from regulars.surfaces.senders.outgoing.guard import NotAllowed

AT_ONCE: Final = 8
"""Requests to one receiver at the same time."""
PATIENCE_S: Final = 15.0
ROUND_S: Final = 30.0
"""After so long nothing more is begun, so that a round ends well before its lines are free."""
LONGEST_REASON: Final = 200
NEVER: Final = frozenset({400, 404, 405, 406, 409, 413, 415, 422})
"""What a vendor's own API answers to what it will not take however often it is asked."""
LONGEST_REST_S: Final = 86_400
OUR_MISTAKE: Final = "it could not be sent by our mistake; the log says where"

log = structlog.get_logger()


class Asks(Protocol):
    """What sends a request; `Client` is one."""

    async def post(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> Answer: ...


Sends = Callable[[Any, Sending], Awaitable[Answer]]
"""Sends one event in a way of its own with a client."""


class Bag(Struct, frozen=True):
    """What a courier needs for one hook: its secrets, the program's name, and two clocks."""

    hook: Hook
    secrets: tuple[bytes, ...]
    source: str
    now: Callable[[], datetime]
    ticks: Callable[[], float]
    before: Mapping[UUID, Sequence[Try]] = {}
    """By event, the tries in vain until now, where the form tells of them."""
    sends: Sends | None = None
    """How a vendor is told, who is not sent our events but requests of its own API."""


async def carry(client: Asks, bag: Bag, lines: Sequence[Line]) -> list[Went]:
    """Send these lines; how far each came.

    Order: in a line the next event goes out only when the one before arrived.
    Keeps: whatever the receiver does is an outcome and no exception.
    """
    ends = bag.ticks() + ROUND_S
    turn = asyncio.Semaphore(AT_ONCE)
    off = asyncio.Event()

    async def one(line: Line) -> Went:
        tries: list[Try] = []
        async with turn:
            for sending in line.sendings:
                if off.is_set() or bag.ticks() >= ends:
                    break
                tries.append(await _try(client, bag, sending))
                if not tries[-1].arrived:
                    # Whoever wants to be left alone, or nothing more, is not asked further.
                    if tries[-1].gone or tries[-1].rest_s:
                        off.set()
                    break
        return Went(line, tuple(tries))

    return list(await asyncio.gather(*(one(line) for line in lines)))


async def _try(client: Asks, bag: Bag, sending: Sending) -> Try:
    at, began = bag.now(), bag.ticks()
    status, reason, rest_s, refused = None, "", 0, False
    try:
        answer = await (_signed(client, bag, sending, at) if bag.sends is None
                        else bag.sends(client, sending))  # fmt: skip
        status, reason = answer.status, _reason(answer)
        refused = bag.sends is not None and status in NEVER
        rest_s = _rest_s(answer, at)
    except NotAllowed as why:
        reason = f"not called: {why.why}"
    except NoAnswer as why:
        reason = why.why
    except Exception as why:
        # Only what kind it is: its words may hold what was sent, or what the receiver said.
        reason = OUR_MISTAKE
        log.error("hooks.our_mistake", event_id=str(sending.event.event_id), **place_of(why))
    took_ms = max(0, round((bag.ticks() - began) * 1000))
    reason = reason[:LONGEST_REASON]
    return Try(sending.event.event_id, at, took_ms, status, reason, rest_s, refused)


async def _signed(client: Asks, bag: Bag, sending: Sending, at: datetime) -> Answer:
    """Our own event in the hook's form, signed."""
    form = FORMS[sending.form]
    body = form.body(sending, bag.source)
    before = bag.before.get(sending.event.event_id, ())
    headers = form.headers(sending, body, Signing(bag.secrets, bag.hook.url, at, before))
    if bag.hook.entry is not None:
        headers = [*headers, *_for_brokers(sending)]
    return await client.post(bag.hook.url, headers, body)


def _for_brokers(sending: Sending) -> list[tuple[str, str]]:
    """What a broker sorts by, which reads no body."""
    event = sending.event
    return [(MEMBER, shown("mem", event.member_id)), (TYPE, event.type)]


def _reason(answer: Answer) -> str:
    """Why it did not arrive, without a word of the receiver's, which may name somebody."""
    if 200 <= answer.status < 300:
        return ""
    if 300 <= answer.status < 400:
        return f"{answer.status}: it sends us elsewhere, and redirects are not followed"
    return f"it answered {answer.status}"


def _rest_s(answer: Answer, now: datetime) -> int:
    """How long a receiver that is busy asks to be left alone, in seconds: said as a number, or as
    the date until when."""
    said = answer.headers.get("retry-after", "")
    if answer.status not in (429, 503):
        return 0
    if said.isascii() and said.isdigit():
        return min(int(said[:9]), LONGEST_REST_S)
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return 0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(0, round((until - now).total_seconds())), LONGEST_REST_S)
