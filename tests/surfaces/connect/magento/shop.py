"""A shop on Adobe Commerce of our own making: it signs as Commerce does, and answers its API."""

from __future__ import annotations

import re
from base64 import b64encode
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.surfaces.connect.magento.letting_in import Integration
from tests.surfaces.connect.magento.promotions import Promotions

from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
_NUMBERS = count(1000)
_FILTER = re.compile(r"searchCriteria\[filter_groups\]\[(\d+)\]\[filters\]\[0\]\[(\w+)\]")
_SORT = re.compile(r"searchCriteria\[sortOrders\]\[(\d+)\]\[(\w+)\]")
CLIENT = "adobe-project-1"


def made_key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


OWN, ADOBES = made_key(), made_key()
"""Made once, as that takes a while."""


def pem(key: RSAPrivateKey) -> str:
    shown = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return shown.decode()


def signed(key: RSAPrivateKey, message: bytes) -> str:
    return b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def gmt(at: datetime) -> str:
    """As Magento writes a moment: in UTC, without saying so."""
    return at.strftime("%Y-%m-%d %H:%M:%S")


class MagentoShop:
    """Its orders, credit memos and customers by now, and every event of them."""

    def __init__(self, at: datetime = AT) -> None:
        self.token, self.own, self.adobes = "integration-token-1", OWN, ADOBES
        self.clock, self.down, self.pause, self.slow = at, False, 0, 0.0
        self.orders: dict[int, dict[str, Any]] = {}
        self.memos: dict[int, dict[str, Any]] = {}
        self.customers: dict[int, dict[str, Any]] = {}
        self.stored_back: dict[int, float] = {}
        """By order: what was given back onto gift cards."""
        self.told: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.promotions = Promotions()
        self.integration: Integration | None = None
        """Where only signed requests are let in."""
        self.breaks: tuple[str, ...] = ()
        """Requests whose answer nobody hears, though they are done."""
        self.lacks: tuple[str, str] | None = None
        """What the integration may not do: a part of the address, and what that is called."""

    def customer(self, email: str, **more: Any) -> int:
        number = more.get("id") or next(_NUMBERS)
        self.customers[number] = {
            "id": number, "email": email, "firstname": "Ada", "updated_at": gmt(self.clock),
        } | more  # fmt: skip
        self.told.append({"eventName": "observer.customer_save_commit_after", "data": {
            "customer": {"entity_id": str(number), "email": email}}})  # fmt: skip
        return number

    def order(
        self, email: str, *lines: tuple[str, int, str, str], customer: int = 0, **more: Any
    ) -> int:
        """Placed, not paid yet: of each article how many, at what without tax, with which tax."""
        number, items = next(_NUMBERS), []
        for sku, quantity, price, tax in lines:
            row = float(price) * quantity
            items.append({
                "item_id": next(_NUMBERS), "sku": sku, "name": sku.title(),
                "product_type": "simple", "qty_ordered": quantity, "qty_canceled": 0,
                "base_price": float(price), "base_row_total": row, "base_tax_amount": float(tax),
                "base_discount_amount": 0, "base_discount_tax_compensation_amount": 0,
            })  # fmt: skip
        total = sum(one["base_row_total"] + one["base_tax_amount"] for one in items)
        shipping = float(more.pop("shipping", 0))
        self.orders[number] = {
            "entity_id": number, "increment_id": f"{number:09}", "quote_id": next(_NUMBERS),
            "state": "new", "status": "pending", "created_at": gmt(self.clock),
            "base_currency_code": "EUR", "order_currency_code": "USD", "store_id": 1,
            "base_grand_total": round(total + shipping, 2), "base_total_paid": None,
            "base_discount_amount": 0, "base_shipping_amount": shipping, "items": items,
            "customer_email": email, "customer_is_guest": 0 if customer else 1,
            "customer_firstname": "Ada", "remote_ip": "192.0.2.7",
            "billing_address": {"telephone": "+39 02 5550100", "street": ["Via Roma 1"]},
        } | ({"customer_id": customer} if customer else {}) | more  # fmt: skip
        self.changed(number)
        return number

    def pays(self, number: int, state: str = "processing") -> None:
        order = self.orders[number]
        self.changed(number, state=state, base_total_paid=order["base_grand_total"])

    def sells(self, email: str, *lines: tuple[str, int, str, str], **more: Any) -> int:
        number = self.order(email, *lines, **more)
        self.pays(number)
        return number

    def takes_back(self, number: int, pieces: dict[int, int], **more: Any) -> int:
        """A credit memo over so many pieces of each line, with their money; what stored value paid
        is given back as such, before all else, and is no part of the memo's total."""
        order, memo = self.orders[number], next(_NUMBERS)
        items = []
        money = 0.0
        for at, quantity in pieces.items():
            one = order["items"][at]
            part = quantity / one["qty_ordered"]
            money += (one["base_row_total"] + one["base_tax_amount"]) * part
            items.append({"order_item_id": one["item_id"], "qty": quantity})
        beside = order.get("extension_attributes", {})
        back = self.stored_back.get(number, 0.0)
        stored = min(beside.get("base_gift_cards_amount", 0) - back, money)
        self.stored_back[number] = back + stored
        return self._memo(number, memo, items, round(money - stored, 2), **more)

    def gives_money_back(self, number: int, money: float) -> int:
        """A credit memo of an amount, for no article."""
        return self._memo(number, next(_NUMBERS), [], money)

    def _memo(self, number: int, memo: int, items: Any, money: float, **more: Any) -> int:
        order = self.orders[number]
        self.memos[memo] = {
            "entity_id": memo, "order_id": number, "created_at": gmt(self.clock), "state": 2,
            "base_grand_total": money, "items": items,
        } | more  # fmt: skip
        back = round((order.get("base_total_refunded") or 0) + money, 2)
        whole = back >= (order["base_total_paid"] or 0)
        self.changed(number, base_total_refunded=back, **({"state": "closed"} if whole else {}))
        told = {"creditmemo": {"entity_id": str(memo), "order_id": str(number)}}
        name = "observer.sales_order_creditmemo_save_commit_after"
        self.told.append({"eventName": name, "data": told})
        return memo

    def changed(self, number: int, **more: Any) -> None:
        self.clock += timedelta(minutes=1)
        order = self.orders[number]
        order |= more | {"updated_at": gmt(self.clock)}
        told = {
            "entity_id": str(number), "increment_id": order["increment_id"],
            "base_grand_total": f"{order['base_grand_total']:.6f}", "state": order["state"],
            "updated_at": order["updated_at"], "customer_email": order["customer_email"],
        }  # fmt: skip
        name = "observer.sales_order_save_commit_after"
        self.told.append(deepcopy({"eventName": name, "data": {"order": told}}))

    def as_io(self, event: dict[str, Any], client: str = CLIENT) -> dict[str, Any]:
        """The same by Adobe I/O Events."""
        (value,) = event["data"].values()
        return {
            "event_id": f"io-{next(_NUMBERS)}", "recipient_client_id": client,
            "event": {"type": f"com.adobe.commerce.{event['eventName']}", "data": {"value": value}},
        }  # fmt: skip

    def cart(self, customer: int, *lines: tuple[str, int, str], **more: Any) -> dict[str, Any]:
        """What is asked while the totals of a cart are worked out."""
        items = [
            {
                "item_id": str(at), "sku": sku, "qty": quantity, "base_price": float(price),
                "base_row_total": float(price) * quantity, "base_discount_amount": 0,
            }
            for at, (sku, quantity, price) in enumerate(lines)
        ]  # fmt: skip
        quote = {
            "entity_id": str(next(_NUMBERS)), "store_id": 1, "base_currency_code": "EUR",
            "customer_id": customer or None, "customer_is_guest": 0 if customer else 1,
            "customer_email": "somebody@x.org",
        } | more  # fmt: skip
        return {"total": {}, "quote": quote, "shippingAssignment": {"items": items}}

    def headers(self, body: bytes) -> dict[str, str]:
        """What Commerce sends above a webhook."""
        made = signed(self.own, b64encode(body))
        return {"content-type": "application/json", "x-adobe-commerce-webhook-signature": made}

    def io_headers(self, body: bytes) -> dict[str, str]:
        """What Adobe sends above an I/O event: two signatures, of which one is of a key to come."""
        return {
            "content-type": "application/json",
            "x-adobe-digital-signature-1": signed(self.adobes, body),
            "x-adobe-public-key1-path": "/prod/keys/pub-key-one.pem",
            "x-adobe-digital-signature-2": signed(self.own, body),
            "x-adobe-public-key2-path": "/prod/keys/pub-key-two.pem",
        }

    async def fetched(self, url: str) -> bytes:
        """What stands at Adobe's own address."""
        assert url.startswith("https://static.adobeioevents.com/prod/keys/pub-key-"), url
        return pem(self.adobes).encode()

    async def answers(self, sending: Sending) -> Answer:
        """Its REST API, as far as it is asked: bytes, status and headers as over HTTP."""
        if self.down:
            raise NoAnswer("it refuses the connection")
        if self.pause:
            return Answer(429, {"retry-after": str(self.pause)}, b"{}")
        parts = urlsplit(sending.url)
        self.asked.append(f"{sending.method} {parts.path}")
        no = self._closed(sending)
        if no is not None:
            return no
        status, found = self._done(sending, parts.path, parse_qsl(parts.query))
        if self.asked[-1] in self.breaks:
            raise NoAnswer("the connection broke off")
        return Answer(status, {}, msgspec.json.encode(_by_php(found)))

    def _closed(self, sending: Sending) -> Answer | None:
        if self.integration is not None:
            return self.integration.refuses(sending)
        if dict(sending.headers)["Authorization"] != f"Bearer {self.token}":
            return Answer(401, {}, b'{"message":"The consumer isn\'t authorized."}')
        if self.lacks and self.lacks[0] in sending.url:
            says = {"message": "%resources", "parameters": {"resources": self.lacks[1]}}
            return Answer(401, {}, msgspec.json.encode(says))
        return None

    def _done(self, sending: Sending, path: str, query: list[tuple[str, str]]) -> tuple[int, Any]:
        below = path.removeprefix("/rest/V1/")
        if sending.method == "POST":
            return self.promotions.post(below, msgspec.json.decode(sending.body))
        if sending.method == "DELETE":
            return self.promotions.delete(below)
        if below not in self.promotions.listed() and below.startswith(("store/", "salesRules/")):
            return self.promotions.get(below)
        return self.answer(path, query)

    def answer(self, path: str, query: list[tuple[str, str]]) -> tuple[int, Any]:
        below = path.removeprefix("/rest/V1/")
        what, _, id_ = below.partition("/")
        rows = {"orders": self.orders, "creditmemos": self.memos, "customers": self.customers}.get(
            what
        ) or self.promotions.listed().get(below, {})
        if id_ == "search":
            id_, rows = "", {key: one | {"entity_id": key} for key, one in rows.items()}
        if id_:
            found = rows.get(int(id_))
            return (200, found) if found else (404, {"message": "No such entity"})
        told = dict(query)
        chosen = [one for one in rows.values() if _fits(one, told)]
        fields = [told[name] for name in sorted(told) if (m := _SORT.fullmatch(name)) and m[2] ==
                  "field"]  # fmt: skip
        chosen.sort(key=lambda one: [one[field] for field in fields])
        size = int(told["searchCriteria[pageSize]"])
        last = max(1, -(-len(chosen) // size))
        page = min(int(told["searchCriteria[currentPage]"]), last)  # the last one, for ever
        some = chosen[size * (page - 1) : size * page]
        return 200, {"items": some or None, "total_count": len(chosen), "search_criteria": {}}


def _by_php(found: Any) -> Any:
    """As PHP writes it: a number without anything behind its point has none."""
    if isinstance(found, dict):
        return {name: _by_php(one) for name, one in found.items()}
    if isinstance(found, list):
        return [_by_php(one) for one in found]
    return int(found) if isinstance(found, float) and found.is_integer() else found


def _fits(one: dict[str, Any], told: dict[str, str]) -> bool:
    filters: dict[str, dict[str, str]] = {}
    for name, value in told.items():
        if (found := _FILTER.fullmatch(name)) is not None:
            filters.setdefault(found[1], {})[found[2]] = value
    for each in filters.values():
        has, value = str(one[each["field"]]), each["value"]
        if each["field"] == "code":  # by its collation
            has, value = has.lower(), value.lower()
        how = each["condition_type"]
        good = {"eq": has == value, "gteq": has >= value, "in": has in value.split(",")}[how]
        if not good:
            return False
    return True
