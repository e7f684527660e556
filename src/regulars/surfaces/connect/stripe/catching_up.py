"""Asks an account what happened while none of its events came in: a stretch of time at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec.structs import replace

from regulars.base.faults import Fault
from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.inlets.catching.types import Answered
from regulars.surfaces.connect.catching.asking import NotTold, Page, Send, Shop, Since
from regulars.surfaces.connect.inlets.kinds import encoded
from regulars.surfaces.connect.stripe.asking import Fields, StripeApi, TooMany
from regulars.surfaces.connect.stripe.events import TYPES, event_of, instant, listed

PAGES: Final = 20
"""So many pages of a list are read at once; of more the older half is, and so on."""
_TYPES: Final[Fields] = tuple(("types[]", name) for name in TYPES)


class StripeEvents:
    """The account's events since a moment; the first time, its subscriptions begun since then.

    Order: Stripe keeps events for thirty days. Subscriptions begun since the day that was asked for
    are all read first; then events are read from that same day on, as whatever happened to any
    subscription since then follows from them.
    """

    async def page(self, send: Send, shop: Shop, since: Since) -> Page:
        """What happened after that, the oldest first. Raises: NotTold."""
        api, after = StripeApi(send, shop), int(since.at.timestamp())
        if since.is_first:
            every = (("status", "all"),)
            page = _page(*await _oldest(api, "subscriptions", every, after), listed)
            through = not page.answered.full
            return page._replace(answered=replace(page.answered, begins_again=through))
        return _page(*await _oldest(api, "events", _TYPES, after), event_of)


async def _oldest(
    api: StripeApi, path: str, query: Fields, since: int
) -> tuple[tuple[Any, ...], int | None]:
    """As many of a list as are read at once, of those made since then the oldest; and before which
    second all of it was read, where more is there. Stripe tells the newest first, so the end is
    drawn nearer until the rest fits."""
    after = (("created[gte]", str(since)),)
    until: int | None = None
    while True:
        before = () if until is None else (("created[lt]", str(until)),)
        most = 100_000 if until == since + 1 else PAGES
        try:
            return await api.everything(path, (*query, *after, *before), most), until
        except TooMany:
            until = await _nearer(api, path, (*query, *after), (since, until))


async def _nearer(api: StripeApi, path: str, query: Fields, between: tuple[int, int | None]) -> int:
    """The middle of a stretch that has too much in it."""
    since, until = between
    if until is None:
        newest = await api.get(path, (*query, ("limit", "1")))
        until = max((one.get("created", 0) for one in newest.get("data", ())), default=0)
    return max(since + 1, since + (until - since) // 2)


def _page(rows: tuple[Any, ...], until: int | None, told: Callable[[bytes], Sent]) -> Page:
    times = [at for row in rows if (at := instant(row.get("created"))) is not None]
    try:
        events = tuple(told(encoded(row)) for row in reversed(rows))
    except Fault:
        raise NotTold("it answers something that is no list") from None
    if len(times) < len(rows):
        raise NotTold("it answers something that is no list")
    if until is None:
        return Page(events, Answered(max(times, default=None), len(rows), False, None))
    read_to = instant(until + 1)  # whoever goes on does so a second before the last that was told
    return Page(events, Answered(read_to, len(rows), True, None))
