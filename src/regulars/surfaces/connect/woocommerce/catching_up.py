"""Asks a WooCommerce shop which orders changed: its REST API v3, page by page."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from regulars.base.faults import Fault
from regulars.flows.inlets.keep_arrivals import Sent
from regulars.records.inlets.catching.types import Answered
from regulars.surfaces.connect.catching.asking import (
    NotTold,
    Odd,
    Page,
    Send,
    Shop,
    Since,
    pause_of,
)
from regulars.surfaces.connect.inlets.kinds import object_scanned
from regulars.surfaces.connect.woocommerce.asking import LONGEST_WAIT_S, WooApi
from regulars.surfaces.connect.woocommerce.events import event_read
from regulars.surfaces.connect.woocommerce.looking import customers, whole
from regulars.surfaces.connect.woocommerce.orders import BY_PIECES
from regulars.surfaces.senders.outgoing.client import Answer, Sending

A_PAGE: Final = 100
"""Orders; more the shop does not take. Source: WooCommerce REST API, `per_page`."""
_NO = {
    401: "it does not know this key and secret",
    403: "this key may not read orders: give it read permission there",
    404: "there is no WooCommerce at this address, or its permalinks are plain",
}
_slices = msgspec.json.Decoder(list[msgspec.Raw]).decode


class WooCommerceOrders:
    """The orders of a shop, for whoever asks it; which pieces came back, where a mapping knows."""

    def __init__(self, mapping: str = BY_PIECES) -> None:
        self._by_pieces = BY_PIECES in mapping

    def by(self, mapping: str) -> WooCommerceOrders:
        """Asks for what this mapping reads."""
        return WooCommerceOrders(mapping)

    async def page(self, send: Send, shop: Shop, since: Since) -> Page:
        """One page of the orders that changed, the oldest change first, and who bought by them.

        Order: customers come before their orders, so that who is found by their address is known by
        their number when the sale is booked. Refunds come last: where the shop asks for a
        pause meanwhile, the page is told without the rest of them.
        Keeps: no refund holds up an order. One that was not told is asked for by its own: the order
        as the shop has it is a hint at it (`orders.asks_about`). Raises: NotTold.
        """
        answer = await send(self.page_asked(shop, since))
        orders, page = self._told(answer, since.page)
        api = WooApi(send, shop)
        people = await customers(api, orders)
        told = await self._with_refunds(api, orders, page.events)
        roots = (*(None for _ in people), *(
            order if event is plain else None
            for order, event, plain in zip(orders, told, page.events, strict=True)
        ))  # fmt: skip
        return page._replace(events=(*people, *told), roots=roots)

    async def _with_refunds(
        self, api: WooApi, orders: Sequence[Mapping[str, Any]], plain: Sequence[Sent]
    ) -> list[Sent]:
        told, asks = list(plain), self._by_pieces
        for place, order in enumerate(orders):
            if not asks or not order.get("refunds"):
                continue
            try:
                told[place] = await whole(api, order)
            except Odd:  # this one alone
                continue
            except NotTold:
                asks = False
        return told

    def page_asked(self, shop: Shop, since: Since) -> Sending:
        """What to send for orders changed after this moment, the oldest change first.

        Source: WooCommerce REST API v3, `GET /orders` (`modified_after`, `orderby=modified`).
        """
        query = urlencode(
            {
                "modified_after": since.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
                "dates_are_gmt": "true",
                "orderby": "modified",
                "order": "asc",
                "per_page": A_PAGE,
                "page": since.page,
            }
        )
        who = b64encode(f"{shop.keys.key}:{shop.keys.secret}".encode()).decode()
        headers = (("Authorization", f"Basic {who}"), ("Accept", "application/json"))
        return Sending(
            "GET", f"{shop.address.rstrip('/')}/wp-json/wc/v3/orders?{query}", headers, b""
        )

    def page_told(self, answer: Answer, number: int = 1) -> Page:
        """The orders of this page, each as its webhook tells it. Raises: NotTold.

        Keeps: each is read as strictly as one that comes in.
        """
        return self._told(answer, number)[1]

    def _told(self, answer: Answer, number: int) -> tuple[list[dict[str, Any]], Page]:
        if answer.status == 429:
            raise pause_of(answer, LONGEST_WAIT_S)
        if answer.status != 200:
            raise NotTold(_NO.get(answer.status, f"it answers {answer.status}"))
        try:
            bodies = [bytes(one) for one in _slices(answer.body)]
            orders = [object_scanned(one) for one in bodies]
            events = tuple(map(event_read, orders, bodies))
        except (msgspec.DecodeError, Fault):
            raise NotTold("it answers something that is no list of orders") from None
        if any(event.told_at is None for event in events):
            raise NotTold("it answers something that is no list of orders")
        times = [event.told_at for event in events if event.told_at is not None]
        total = answer.headers.get("x-wp-total", "")
        ahead = None
        if total.isascii() and total.isdigit():
            ahead = max(0, int(total) - A_PAGE * (number - 1) - len(events))
        told = Answered(max(times, default=None), len(events), len(events) >= A_PAGE, ahead)
        return orders, Page(events, told, tuple(orders))
