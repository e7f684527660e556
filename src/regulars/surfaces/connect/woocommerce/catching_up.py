"""Asks a WooCommerce shop which orders changed: its REST API v3, page by page."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC
from typing import Final
from urllib.parse import urlencode

import msgspec

from regulars.base.faults import Fault
from regulars.records.inlets.catching.types import Answered
from regulars.surfaces.api.strict.bodies import scan
from regulars.surfaces.connect.catching.asking import NotTold, Page, Send, Shop, Since
from regulars.surfaces.connect.inlets.kinds import object_of
from regulars.surfaces.connect.woocommerce.asking import WooApi
from regulars.surfaces.connect.woocommerce.events import event_of
from regulars.surfaces.connect.woocommerce.looking import customers, whole
from regulars.surfaces.senders.outgoing.client import Answer, Sending

A_PAGE: Final = 100
"""Orders; more the shop does not take. Source: WooCommerce REST API, `per_page`."""
_NO = {
    401: "it does not know this key and secret",
    403: "this key may not read orders: give it read permission there",
    404: "there is no WooCommerce at this address, or its permalinks are plain",
    429: "it asks for a pause",
}
_slices = msgspec.json.Decoder(list[msgspec.Raw]).decode


class WooCommerceOrders:
    """The orders of a shop, for whoever asks it."""

    async def page(self, send: Send, shop: Shop, since: Since) -> Page:
        """One page of the orders that changed, the oldest change first, and who bought by them.

        Order: customers come before their orders, so that who is found by their address is known by
        their number when the sale is booked. Raises: NotTold.
        """
        answer = await send(self.page_asked(shop, since))
        page, api = self.page_told(answer), WooApi(send, shop)
        orders = [object_of(one.body) for one in page.events]
        events = [await whole(api, one) if one.get("refunds") else None for one in orders]
        told = tuple(new or old for new, old in zip(events, page.events, strict=True))
        return page._replace(events=(*await customers(api, orders), *told))

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

    def page_told(self, answer: Answer) -> Page:
        """The orders of a page, each as its webhook tells it. Raises: NotTold.

        Keeps: each is read as strictly as one that comes in.
        """
        if answer.status != 200:
            raise NotTold(_NO.get(answer.status, f"it answers {answer.status}"))
        try:
            orders = [bytes(one) for one in _slices(answer.body)]
            for one in orders:
                scan(one)
            events = tuple(event_of(one) for one in orders)
        except (msgspec.DecodeError, Fault):
            raise NotTold("it answers something that is no list of orders") from None
        if any(one.told_at is None for one in events):
            raise NotTold("it answers something that is no list of orders")
        times = [one.told_at for one in events if one.told_at is not None]
        total = answer.headers.get("x-wp-total", "")
        ahead = max(0, int(total) - len(events)) if total.isascii() and total.isdigit() else None
        told = Answered(max(times, default=None), len(events), len(events) >= A_PAGE, ahead)
        return Page(events, told)
