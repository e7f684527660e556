"""A WooCommerce shop of our own making: it signs as the plug-in does, and answers when asked."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.counter import Counter

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.catcher import Catcher
from regulars.runtime.working.inlets.looker import Looker
from regulars.surfaces.connect.woocommerce.kind import WooCommerce
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def gmt(at: datetime) -> str:
    """As WordPress writes a moment: in UTC, without saying so."""
    return at.strftime("%Y-%m-%dT%H:%M:%S")


class WooShop:
    """Its orders as they are by now, and every state they were in, in the order of time."""

    def __init__(self, first: int = 700) -> None:
        self.orders: dict[int, dict[str, Any]] = {}
        self.told: list[dict[str, Any]] = []
        self.clock, self._next = AT, first
        self.lets_in = "ck_1:cs_1"
        self.down = False
        self.asked: list[str] = []
        self.priced_in = "EUR"
        self.coupons: dict[int, dict[str, Any]] = {}
        self.breaks = False
        self.refunded: dict[int, list[dict[str, Any]]] = {}
        """By order: its refunds as they are told when they are asked for."""
        self.customers: dict[int, dict[str, Any]] = {}
        self.articles: dict[str, int] = {}
        self.refunds_fail: dict[int, int] = {}
        """With which status it answers when the refunds of an order are asked for."""
        self.most_refunds = 10**6
        """So many questions after refunds it answers; then it asks for a pause."""
        self.chokes = self.switched_off = False
        self.hooks: list[dict[str, Any]] = []
        self.writes = self.reads_settings = True

    def order(self, total: str, email: str, customer: int = 0, **more: Any) -> int:
        """Somebody ordered and did not pay yet."""
        number = self._next = self._next + 1
        self.orders[number] = {
            "id": number, "parent_id": 0, "status": "pending", "currency": "EUR",
            "date_paid": None, "date_paid_gmt": None, "date_completed_gmt": None,
            "discount_total": "0.00", "shipping_total": "0.00", "shipping_tax": "0.00",
            "total": total, "total_tax": "0.00", "customer_id": customer,
            "billing": {"first_name": "Ada", "email": email, "phone": ""},
            "line_items": [{"id": 1, "name": "Tea", "quantity": 10, "total": total, "sku": "tea"}],
            "refunds": [], "meta_data": [],
        } | more  # fmt: skip
        self._changed(number)
        return number

    def pays(self, number: int) -> None:
        self._changed(number, status="processing", date_paid_gmt=gmt(self.clock))

    def becomes(self, number: int, status: str) -> None:
        self._changed(number, status=status)

    def customer(
        self, number: int, email: str, bill: str = "", pays: bool = True
    ) -> dict[str, Any]:
        """Somebody with an account, and an address on their bills, which may be another one."""
        self.customers[number] = {
            "id": number, "date_modified_gmt": gmt(self.clock), "email": email, "role": "customer",
            "first_name": "Ada", "username": "ada", "is_paying_customer": pays,
            "billing": {"first_name": "Ada", "email": bill or email}, "meta_data": [],
        }  # fmt: skip
        return self.customers[number]

    def refunds(self, number: int, total: str, pieces: dict[int, int] | None = None) -> None:
        """So much is given back, for so many pieces of these lines."""
        self._next += 1
        refund = {"id": self._next, "reason": "", "total": f"-{total}"}
        lines = {one["id"]: one for one in self.orders[number]["line_items"]}
        told = [
            {
                "id": 900 + line, "name": lines[line]["name"], "quantity": -count,
                "total": f"-{Decimal(lines[line]['total']) / lines[line]['quantity'] * count}",
                "total_tax": "0.00",
                "meta_data": [{"id": 1, "key": "_refunded_item_id", "value": str(line)}],
            }
            for line, count in (pieces or {}).items()
        ]  # fmt: skip
        self._changed(number, refunds=[*self.orders[number]["refunds"], refund])
        whole = {
            "id": self._next, "date_created_gmt": gmt(self.clock), "amount": total, "reason": "",
            "line_items": told, "fee_lines": [], "shipping_lines": [], "_links": {},
        }  # fmt: skip
        self.refunded.setdefault(number, []).append(whole)

    async def answers(self, sending: Sending) -> Answer:
        """Its REST API, as far as orders are asked for: bytes, status and headers as over HTTP."""
        self.asked.append(sending.url)
        if self.down:
            raise NoAnswer("it refuses the connection")
        if self.chokes:
            raise RuntimeError("as our own mistake does it")
        parts = urlsplit(sending.url)
        told = {name: found for name, (found,) in parse_qs(parts.query).items()}
        who = b64decode(dict(sending.headers)["Authorization"].removeprefix("Basic ")).decode()
        if who != self.lets_in:
            return Answer(401, {}, b'{"code":"woocommerce_rest_cannot_view"}')
        if parts.path.startswith("/wp-json/wc/v3/coupons"):
            answer = self._coupon(sending, parts.path, told)
            if self.breaks:
                raise NoAnswer("the connection broke off")
            return answer
        if "/webhooks" in parts.path:
            return self._webhook(sending, parts.path)
        if (answer := self._more(parts.path, told)) is not None:
            return answer
        if parts.path != "/wp-json/wc/v3/orders":
            return Answer(404, {}, b'{"code":"rest_no_route"}')
        assert (told["dates_are_gmt"], told["orderby"], told["order"]) == (
            "true",
            "modified",
            "asc",
        )
        after, size, page = told["modified_after"], int(told["per_page"]), int(told["page"])
        found = [one for one in self.orders.values() if one["date_modified_gmt"] > after]
        found.sort(key=lambda one: (one["date_modified_gmt"], one["id"]))
        rows = [one | {"_links": {"self": []}} for one in found[size * (page - 1) : size * page]]
        headers = {"x-wp-total": str(len(found)), "content-type": "application/json"}
        return Answer(200, headers, msgspec.json.encode(rows))

    def _more(self, path: str, told: dict[str, str]) -> Answer | None:
        """One order, its refunds, some customers."""
        steps = path.removeprefix("/wp-json/wc/v3/").split("/")
        rows: Any = None
        if steps == ["settings", "general", "woocommerce_currency"] and self.reads_settings:
            rows = {"value": self.priced_in}
        elif steps == ["orders"] and told["orderby"] == "date":
            rows = list(self.orders.values())[::-1][: int(told["per_page"])]
        elif steps == ["customers"]:
            some = [self.customers.get(int(one)) for one in told["include"].split(",")]
            rows = [one for one in some if one]
        elif steps == ["products"]:
            there = [(one, self.articles.get(one)) for one in told["sku"].split(",")]
            found = [{"id": id_, "sku": sku} for sku, id_ in there if id_]
            rows = found[: int(told.get("per_page", "10"))]
        if rows is not None:
            return Answer(200, {}, msgspec.json.encode(rows))
        if steps[0] != "orders" or len(steps) == 1 or self.switched_off:
            return None
        number = int(steps[1])
        if number not in self.orders:
            return Answer(404, {}, b'{"code":"woocommerce_rest_shop_order_invalid_id"}')
        if len(steps) == 3:
            return self._refunds_of(number)
        return Answer(200, {}, msgspec.json.encode(self.orders[number] | {"_links": {}}))

    def _refunds_of(self, number: int) -> Answer:
        self.most_refunds -= 1
        status = self.refunds_fail.get(number, 200 if self.most_refunds >= 0 else 429)
        rows = self.refunded.get(number, []) if status == 200 else {}
        return Answer(status, {"retry-after": "30"}, msgspec.json.encode(rows))

    def _webhook(self, sending: Sending, path: str) -> Answer:
        """Webhooks are listed without their secrets, made and changed, by a key that may write."""
        if sending.method == "GET":
            rows = [{k: v for k, v in one.items() if k != "secret"} for one in self.hooks]
            return Answer(200, {}, msgspec.json.encode(rows))
        if not self.writes:
            return Answer(401, {}, b'{"code":"woocommerce_rest_cannot_create"}')
        wish = msgspec.json.decode(sending.body)
        if sending.method == "POST":
            self.hooks.append({"id": len(self.hooks) + 1} | wish)
            return Answer(201, {}, msgspec.json.encode(self.hooks[-1]))
        one = self.hooks[int(path.rpartition("/")[2]) - 1]
        one |= wish
        return Answer(200, {}, msgspec.json.encode(one))

    def _coupon(self, sending: Sending, path: str, told: dict[str, str]) -> Answer:
        """Coupons are made, found by their code in small letters, and changed."""
        wish = msgspec.json.decode(sending.body) if sending.body else {}
        if sending.method == "GET":
            found = [c for c in self.coupons.values() if c["code"] == told["code"].lower()]
            return Answer(200, {}, msgspec.json.encode(found))
        if sending.method == "PUT":
            number = int(path.rpartition("/")[2])
            if number not in self.coupons:
                return Answer(404, {}, b'{"code":"woocommerce_rest_shop_coupon_invalid_id"}')
            self.coupons[number] |= wish
            return Answer(200, {}, msgspec.json.encode(self.coupons[number]))
        code = wish["code"].lower()
        if any(one["code"] == code for one in self.coupons.values()):
            told_no = {"code": "woocommerce_rest_coupon_code_already_exists", "message": "There."}
            return Answer(400, {}, msgspec.json.encode(told_no))
        self._next += 1
        self.coupons[self._next] = wish | {"id": self._next, "code": code}
        return Answer(201, {}, msgspec.json.encode(self.coupons[self._next]))

    def _changed(self, number: int, **said: Any) -> None:
        self.clock += timedelta(minutes=1)
        self.orders[number] |= said | {"date_modified_gmt": gmt(self.clock)}
        self.told.append(deepcopy(self.orders[number]))


AS_ONE_AMOUNT = """\
mapping: woocommerce
title: WooCommerce
source: woocommerce
unknown: nobody
events:
  order:
    gives:
      - kind: {constant: purchase}
        external_id: id
        occurred_at: paid_at
        member_id: customer
        email: billing.email
        phone: billing.phone
        channel: {constant: online}
        currency: currency
        amount: total
        shipping: shipping_paid
        skip: [{column: state, values: [unpaid]}]
      - each: returns
        kind: {constant: return}
        external_id: {column: id, prefix: refund-}
        occurred_at: at
        sale_id: order
        returned: {each: pieces, line: line, quantity: quantity}
      - kind: {constant: return}
        external_id: {column: id, prefix: closed-}
        occurred_at: modified_at
        sale_id: id
        skip: [{column: state, values: [unpaid, paid]}]
  "*": {says: Nothing to book}
"""
"""The mapping that was shipped before lines were told; sources that were made with it have it."""


class Hook(Sender):
    """A webhook of such a shop, which sends to a source of ours."""

    def __init__(self, counter: Counter, mapping: str = WooCommerce().mapping) -> None:
        # Two shops of one program with bare numbers would be refused.
        mapping = mapping.replace(
            "member_id: customer", 'member_id: {column: customer, prefix: "{source}-"}'
        ).replace("source: woocommerce", "source: web-shop")
        super().__init__(counter, mapping, "woocommerce")
        self.catcher: Any = None
        self.looker: Any = None
        self.words = self.made["secret"]

    def headers(self, body: bytes, topic: str = "order.updated") -> dict[str, str]:
        """What the plug-in sends above a body."""
        made = hmac.digest(self.words.encode(), body, "sha256")
        resource, _, event = topic.partition(".")
        return {
            "content-type": "application/json",
            "x-wc-webhook-source": "https://tea.example.org/",
            "x-wc-webhook-topic": topic,
            "x-wc-webhook-resource": resource,
            "x-wc-webhook-event": event,
            "x-wc-webhook-signature": b64encode(made).decode(),
            "x-wc-webhook-id": "5",
            "x-wc-webhook-delivery-id": hmac.digest(b"", body, "md5").hex(),
        }

    def tell(self, order: Any, topic: str = "order.updated") -> httpx.Response:
        """One delivery."""
        body = order if isinstance(order, bytes) else msgspec.json.encode(order)
        return self.post(body, self.headers(body, topic))

    def asks(
        self, shop: WooShop, since: datetime, address: str = "https://tea.example.org"
    ) -> None:
        """That shop is asked from this moment on."""
        said = {"address": address, "key": "ck_1", "secret": "cs_1"}
        wish = said | {"since": since.isoformat()}
        answer = self.counter.ask("PUT", f"{self.place}/catch-up", wish)
        assert answer.status_code == 200, answer.text
        database = self.shop.database
        keyed = self.counter.given.keyed
        self.catcher = Catcher(database, Programs(database), keyed, shop.answers)
        self.catcher._patience_s = 0.0  # nobody books meanwhile
        self.looker = Looker(database, Programs(database), keyed, shop.answers)

    def look(self) -> None:
        """What events hint at is asked for, and booked, as the worker does it."""
        self.book()
        self.shop.run(self.looker.look(self.shop.program_id))
        self.book()

    def catch_up(self) -> dict[str, Any]:
        """Whoever is due is asked, as the worker does it; how far it is then."""
        self.shop.run(self.catcher.catch_up(self.shop.program_id))
        return self.counter.get(f"{self.place}/catch-up").json()  # type: ignore[no-any-return]
