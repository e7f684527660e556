"""A Shopify shop of our own making: it signs as Shopify does, and answers its GraphQL."""

from __future__ import annotations

import hmac
from base64 import b64encode
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import msgspec
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.connect.shopify.graph import answered
from tests.surfaces.counter import Counter

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.catcher import Catcher
from regulars.runtime.working.inlets.looker import Looker
from regulars.surfaces.connect.shopify.graphql import VERSION
from regulars.surfaces.connect.shopify.kind import Shopify
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST = 1 << 60
"""Its ids are beyond what a float holds exactly."""
_CLOCK = timezone(timedelta(hours=-5))


def said(at: datetime) -> str:
    """As webhooks write a moment: by the clock of the shop, with its offset."""
    return at.astimezone(_CLOCK).isoformat(timespec="seconds")


class Store:
    """Its orders as they are by now, and every state they were in, in the order of time."""

    def __init__(self, first: int = 0) -> None:
        self.orders: dict[int, dict[str, Any]] = {}
        self.told: list[dict[str, Any]] = []
        self.clock, self._next = AT, FIRST + 1000 * first
        self.id, self.secret = "client-1", "shpss_secret-1"
        self.down, self.tokens, self.points = False, 0, 1000.0
        self.breaks = False
        self.asked: list[dict[str, Any]] = []
        self.hooks: dict[str, str] = {}
        self.hooks_refused = ""
        self.priced_in = "EUR"
        self.codes: dict[str, dict[str, Any]] = {}
        self.articles: dict[str, int] = {}
        self.products: dict[str, int] = {}
        """By SKU; what is not here was typed in at the counter."""
        self.types: dict[int, str] = {}
        """By product; what is not here is deleted."""
        self.denies = False
        self.more = 0
        """So many orders changed beside those that are here, when they are counted."""

    def number(self) -> int:
        self._next += 1
        return self._next

    def order(self, email: str, *lines: tuple[str, str, int], **more: Any) -> int:
        """Somebody ordered so many pieces of each, and did not pay yet."""
        number = self.number()
        rows = [
            {
                "id": self.number(), "product_id": self.products.get(sku), "sku": sku,
                "name": sku.title(), "title": sku.title(),
                "quantity": count, "price": price, "gift_card": False, "total_discount": "0.00",
                "discount_allocations": [], "tax_lines": [],
                "price_set": {"shop_money": {"amount": price, "currency_code": "EUR"}},
            }
            for sku, price, count in lines
        ]  # fmt: skip
        total = sum(Decimal(price) * count for _, price, count in lines)
        self.orders[number] = {
            "id": number, "admin_graphql_api_id": f"gid://shopify/Order/{number}",
            "name": f"#{number % 1000}", "currency": "EUR", "presentment_currency": "EUR",
            "email": email, "phone": None, "source_name": "web", "test": False,
            "taxes_included": True, "financial_status": "pending", "cancelled_at": None,
            "total_price": f"{total:.2f}", "total_tip_received": "0.00", "discount_codes": [],
            "created_at": said(self.clock), "processed_at": said(self.clock),
            "customer": {"id": self.number(), "email": email, "phone": None, "note": None},
            "line_items": rows, "refunds": [], "shipping_lines": [],
        } | more  # fmt: skip
        self.changed(number)
        return number

    def pays(self, number: int) -> None:
        self.changed(number, financial_status="paid")

    def refunds(self, number: int, pieces: dict[int, int], money: str) -> dict[str, Any]:
        """So many pieces of each line are given back, with so much money."""
        order = self.orders[number]
        refund = {
            "id": self.number(), "order_id": number, "created_at": said(self.clock),
            "processed_at": said(self.clock), "note": "", "restock": True,
            "refund_line_items": [
                {
                    "id": self.number(), "line_item_id": order["line_items"][at]["id"],
                    "quantity": count, "subtotal": 1.5, "total_tax": 0, "restock_type": "return",
                    "line_item": order["line_items"][at],
                }
                for at, count in pieces.items()
            ],
            "order_adjustments": [] if pieces else [
                {"id": self.number(), "amount": f"-{money}", "kind": "refund_discrepancy"}
            ],
            "transactions": [
                {"id": self.number(), "kind": "refund", "status": "success", "amount": money}
            ],
        }  # fmt: skip
        told = {"financial_status": "partially_refunded", "refunds": [*order["refunds"], refund]}
        self.changed(number, **told)
        return refund

    def cancels(self, number: int) -> None:
        self.clock += timedelta(minutes=1)
        told = {"cancelled_at": said(self.clock), "financial_status": "refunded"}
        self.changed(number, **told)

    def changed(self, number: int, **more: Any) -> None:
        self.clock += timedelta(minutes=1)
        self.orders[number] |= more | {"updated_at": said(self.clock)}
        self.told.append(deepcopy(self.orders[number]))

    async def answers(self, sending: Sending) -> Answer:
        """Its doors for apps: tokens, and GraphQL. Bytes, status and headers as over HTTP."""
        if self.down:
            raise NoAnswer("it refuses the connection")
        path, headers = urlsplit(sending.url).path, dict(sending.headers)
        if path == "/admin/oauth/access_token":
            form = dict(parse_qsl(sending.body.decode()))
            assert form["grant_type"] == "client_credentials", form
            if (form["client_id"], form["client_secret"]) != (self.id, self.secret):
                return Answer(400, {}, b'{"error":"application_cannot_be_found"}')
            self.tokens += 1
            made = {"access_token": f"shpat_{self.tokens}", "expires_in": 86399}
            return Answer(200, {}, msgspec.json.encode(made))
        assert path == f"/admin/api/{VERSION}/graphql.json", path
        if headers["X-Shopify-Access-Token"] not in (f"shpat_{self.tokens}", "shpat_own"):
            return Answer(401, {}, b'{"errors":"[API] Invalid API key or access token"}')
        asked = msgspec.json.decode(sending.body)
        self.asked.append(asked)
        if self.breaks:  # it did what was asked, and nobody heard its answer
            answered(self, asked)
            raise NoAnswer("the connection broke off")
        return Answer(200, {}, msgspec.json.encode(answered(self, asked)))


class Hook(Sender):
    """A webhook of such a shop, which sends to a source of ours."""

    def __init__(
        self,
        counter: Counter,
        store: Store | None = None,
        category: str = "category",
        told_by: str = "",
    ) -> None:
        mapping = Shopify().mapping.replace("source: shopify", "source: web-shop")
        mapping = mapping.replace("category: category}", f"category: {category}}}")
        if told_by:
            id_, at = "external_id: id\n", "        occurred_at: paid_at"
            assert id_ + at in mapping
            mapping = mapping.replace(id_ + at, f"{id_}        told_by: [{told_by}]\n{at}", 1)
        super().__init__(counter, mapping, "shopify")
        self.catcher: Any = None
        self.looker: Any = None
        self.store = store or Store()
        self.words = self.store.secret
        self.connects(AT)

    def headers(self, body: bytes, topic: str = "orders/updated") -> dict[str, str]:
        """What Shopify sends above a body."""
        made = hmac.digest(self.words.encode(), body, "sha256")
        return {
            "content-type": "application/json",
            "x-shopify-topic": topic,
            "x-shopify-shop-domain": "tea.myshopify.com",
            "x-shopify-api-version": VERSION,
            "x-shopify-hmac-sha256": b64encode(made).decode(),
            "x-shopify-webhook-id": hmac.digest(b"hook", body, "md5").hex(),
            "x-shopify-event-id": hmac.digest(b"event", body, "md5").hex(),
            "x-shopify-triggered-at": said(self.store.clock),
        }

    def tell(self, told: Any, topic: str = "orders/updated") -> httpx.Response:
        """One delivery."""
        body = told if isinstance(told, bytes) else msgspec.json.encode(told)
        return self.post(body, self.headers(body, topic))

    def connects(self, since: datetime, **more: str) -> None:
        """That shop is asked from this moment on, by its app's id and secret."""
        store = self.store
        keys = {"key": store.id, "secret": store.secret} | more
        wish = {"address": "https://tea.myshopify.com", "since": since.isoformat(), **keys}
        answer = self.counter.ask("PUT", f"{self.place}/catch-up", wish)
        assert answer.status_code == 200, answer.text
        database = self.shop.database
        parts = (database, Programs(database), self.counter.given.keyed, store.answers)
        self.catcher, self.looker = Catcher(*parts), Looker(*parts)

    def work(self) -> None:
        """What came is booked; what has to be asked for is, and booked, too."""
        self.book()
        self.shop.run(self.looker.look(self.shop.program_id))
        self.book()

    def catch_up(self) -> dict[str, Any]:
        """Whoever is due is asked, as the worker does it; how far it is then."""
        self.shop.run(self.catcher.catch_up(self.shop.program_id))
        return self.counter.get(f"{self.place}/catch-up").json()  # type: ignore[no-any-return]
