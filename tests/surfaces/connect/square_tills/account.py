"""A seller's account at Square of our own making: it signs as Square does, and answers its API."""

from __future__ import annotations

import hmac
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import msgspec

from regulars.surfaces.connect.square.selling.asking import VERSION
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOST_PLACES = 10
_NUMBERS = count(1)


def signed(key: str, url: str, body: bytes) -> str:
    """What Square writes above a body that it sends to this address."""
    return b64encode(hmac.digest(key.encode(), url.encode() + body, "sha256")).decode()


def said(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


class Account:
    """Its orders, payments, refunds and customers as they are by now, and every event of them."""

    def __init__(self, at: datetime = AT) -> None:
        self.token, self.key = "EAAA-token-1", "sig-key-1"
        self.clock, self.currency = at, "EUR"
        self.places = ["L1"]
        self.orders: dict[str, dict[str, Any]] = {}
        self.hooks: list[dict[str, Any]] = []
        self.payments: dict[str, dict[str, Any]] = {}
        self.shows_all = False
        self.refunds: dict[str, dict[str, Any]] = {}
        self.customers: dict[str, dict[str, Any]] = {}
        self.told: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.down, self.pause = False, 0

    def number(self, what: str) -> str:
        return f"{what}{next(_NUMBERS):06}xZY"

    def money(self, minor: int) -> dict[str, Any]:
        return {"amount": minor, "currency": self.currency}

    def customer(self, **more: str) -> str:
        """Somebody stands in the directory."""
        id_ = self.number("C")
        self.customers[id_] = {
            "id": id_, "created_at": said(self.clock), "updated_at": said(self.clock),
            "given_name": "Ada", "creation_source": "DIRECTORY", "version": 0, "note": "likes tea",
        } | more  # fmt: skip
        self._event("customer.created", "customer", id_, {"customer": self.customers[id_]})
        return id_

    def order(self, *lines: tuple[str, str, int], customer: str = "", **more: Any) -> str:
        """Rung up and not paid yet: of each article how many or how much, at what for one."""
        id_, rows = self.number("O"), []
        for name, quantity, price in lines:
            cost = round(float(quantity) * price)
            rows.append({
                "uid": self.number("u"), "name": name, "variation_name": "Regular",
                "catalog_object_id": f"V-{name}", "quantity": quantity, "item_type": "ITEM",
                "base_price_money": self.money(price), "gross_sales_money": self.money(cost),
                "variation_total_price_money": self.money(cost),
                "total_tax_money": self.money(0), "total_discount_money": self.money(0),
                "total_money": self.money(cost),
            })  # fmt: skip
        total = sum(one["total_money"]["amount"] for one in rows)
        self.orders[id_] = {
            "id": id_, "location_id": self.places[0], "line_items": rows, "state": "OPEN",
            "source": {"name": "Square Point of Sale"}, "created_at": said(self.clock),
            "total_money": self.money(total), "total_tax_money": self.money(0),
            "total_discount_money": self.money(0), "total_tip_money": self.money(0),
            "total_service_charge_money": self.money(0), "net_amount_due_money": self.money(total),
        } | ({"customer_id": customer} if customer else {}) | more  # fmt: skip
        self._changed(id_, "order.created")
        return id_

    def pays(self, id_: str, *, tip: int = 0, by: str = "CASH", done: bool = True) -> str:
        """The rest of it is paid; what is handed over later stays open."""
        order, number = self.orders[id_], self.number("P")
        total = order["total_money"]["amount"] + tip
        self.payments[number] = {
            "id": number, "order_id": id_, "status": "COMPLETED", "source_type": by,
            "created_at": said(self.clock), "updated_at": said(self.clock),
            "location_id": order["location_id"], "amount_money": self.money(total - tip),
            "tip_money": self.money(tip), "total_money": self.money(total),
        }  # fmt: skip
        tender = {
            "id": number, "location_id": order["location_id"], "transaction_id": id_,
            "created_at": said(self.clock), "amount_money": self.money(total), "type": by,
            "tip_money": self.money(tip), "payment_id": number,
        }  # fmt: skip
        self._event("payment.updated", "payment", number, {"payment": self.payments[number]})
        told = {"state": "COMPLETED", "closed_at": said(self.clock)} if done else {}
        self._changed(id_, tenders=[*order.get("tenders", []), tender],
            total_money=self.money(total), total_tip_money=self.money(tip),
            net_amount_due_money=self.money(0), **told)  # fmt: skip
        return number

    def sells(self, *lines: tuple[str, str, int], customer: str = "") -> str:
        """Rung up and paid at once."""
        id_ = self.order(*lines, customer=customer)
        self.pays(id_)
        return id_

    def takes_back(self, id_: str, pieces: dict[int, str], **more: Any) -> str:
        """So much of these lines is given back, with its money, by an order of its own."""
        sold, rows = self.orders[id_]["line_items"], []
        for at, quantity in pieces.items():
            line = sold[at]
            part = float(quantity) / float(line["quantity"])
            money = self.money(round(line["total_money"]["amount"] * part))
            rows.append({
                "uid": self.number("u"), "source_line_item_uid": line["uid"],
                "name": line["name"], "quantity": quantity, "item_type": "ITEM",
                "total_money": money,
            })  # fmt: skip
        return self._back(id_, rows, source=True, **more)

    def gives_money_back(self, id_: str, minor: int, *, source: bool = True, **more: Any) -> str:
        """So much money of a sale is given back, for no article in particular."""
        row = {
            "uid": self.number("u"), "quantity": "1", "item_type": "CUSTOM_AMOUNT",
            "base_price_money": self.money(minor), "total_money": self.money(minor),
        }  # fmt: skip
        return self._back(id_, [row], source=source, **more)

    def settles(self, back: str, status: str) -> None:
        """What became of money that was on its way back."""
        order = self.orders[back]
        (row,) = order["refunds"]
        refund = self.refunds[row["id"]]
        payment = self.payments[refund["payment_id"]]
        if status in ("REJECTED", "FAILED"):
            payment["refunded_money"]["amount"] -= refund["amount_money"]["amount"]
        refund |= {"status": "COMPLETED" if status == "APPROVED" else status}
        self._changed(back, refunds=[row | {"status": status}])
        self._event("refund.updated", "refund", refund["id"], {"refund": refund})

    def _back(self, sale: str, rows: list[Any], *, source: bool, status: str = "APPROVED") -> str:
        id_, number = self.number("O"), self.number("R")
        (tender, *_) = self.orders[sale]["tenders"]
        payment = self.payments[tender["id"]]
        money = self.money(sum(one["total_money"]["amount"] for one in rows))
        before = payment.get("refunded_money", {"amount": 0})["amount"]
        self.clock += timedelta(minutes=1)
        payment["refunded_money"] = self.money(before + money["amount"])
        self.refunds[number] = {
            "id": number, "payment_id": payment["id"], "order_id": id_, "amount_money": money,
            "status": "COMPLETED" if status == "APPROVED" else "PENDING",
            "created_at": said(self.clock), "updated_at": said(self.clock),
        }  # fmt: skip
        back = {"uid": self.number("u"), "return_line_items": rows}
        none = self.money(0)
        amounts = {"tax_money": none, "discount_money": none, "tip_money": none}
        self.orders[id_] = {
            "id": id_, "location_id": self.places[0], "state": "COMPLETED",
            "created_at": said(self.clock), "closed_at": said(self.clock),
            "returns": [back | ({"source_order_id": sale} if source else {})],
            "return_amounts": {"total_money": money, **amounts},
            "refunds": [{
                "id": number, "location_id": self.places[0], "transaction_id": sale,
                "tender_id": payment["id"], "created_at": said(self.clock), "reason": "Returned",
                "amount_money": money, "status": status,
            }],
            "total_money": none, "total_tip_money": none,
        }  # fmt: skip
        self._changed(id_, "order.created")
        self._event("refund.created", "refund", number, {"refund": self.refunds[number]})
        return id_

    def _changed(self, id_: str, type_: str = "order.updated", **more: Any) -> None:
        self.clock += timedelta(minutes=1)
        order = self.orders[id_]
        order |= more | {"updated_at": said(self.clock), "version": order.get("version", 0) + 1}
        name = type_.replace(".", "_")
        told = {"order_id": id_, "version": order["version"], "state": order["state"]}
        told |= {"location_id": order["location_id"], "created_at": order["created_at"]}
        self._event(type_, name, id_, {name: told | {"updated_at": order["updated_at"]}})

    def _event(self, type_: str, kind: str, id_: str, found: dict[str, Any]) -> None:
        body = {
            "merchant_id": "M1", "type": type_, "event_id": f"e-{next(_NUMBERS):08}",
            "created_at": said(self.clock), "data": {"type": kind, "id": id_, "object": found},
        }  # fmt: skip
        self.told.append(msgspec.json.decode(msgspec.json.encode(body)))

    async def answers(self, sending: Sending) -> Answer:
        """Its API, as far as it is asked: bytes, status and headers as over HTTP."""
        if self.down:
            raise NoAnswer("it refuses the connection")
        headers = dict(sending.headers)
        assert headers["Square-Version"] == VERSION
        if self.pause:
            return Answer(429, {"retry-after": str(self.pause)}, b'{"errors":[]}')
        path = urlsplit(sending.url).path
        self.shows_all = "include_disabled=true" in sending.url
        status, found = self.answer(sending.method, path, headers["Authorization"], sending.body)
        return Answer(status, {}, msgspec.json.encode(found))

    def answer(self, method: str, path: str, who: str, body: bytes) -> tuple[int, Any]:
        """What it says to one request."""
        self.asked.append(f"{method} {path}")
        if who != f"Bearer {self.token}":
            return _wrong(401, "AUTHENTICATION_ERROR", "UNAUTHORIZED")
        _, _, what, *rest = path.split("/")
        if method == "POST":
            return self._posted("/".join((what, *rest)), msgspec.json.decode(body))
        if what == "locations" and not rest:
            return 200, {"locations": [{"id": one, "status": "ACTIVE"} for one in self.places]}
        if what == "webhooks":
            return 200, self._hooks(rest[-1], msgspec.json.decode(body) if body else {})
        rows = {"orders": self.orders, "payments": self.payments}.get(what, {})
        if len(rest) == 1 and rest[0] in rows:
            return 200, {what.removesuffix("s"): rows[rest[0]]}
        return _wrong(404, "INVALID_REQUEST_ERROR", "NOT_FOUND")

    def _hooks(self, id_: str, wish: dict[str, Any]) -> dict[str, Any]:
        """Those that are on, or all; one that is changed."""
        if wish:
            (row,) = (one for one in self.hooks if one["id"] == id_)
            row |= wish["subscription"]
            return {"subscription": row}
        there = [one for one in self.hooks if one.get("enabled", True) or self.shows_all]
        return {"subscriptions": there} if there else {}

    def _posted(self, path: str, wish: dict[str, Any]) -> tuple[int, Any]:
        if path == "orders/search":
            return self._search(wish)
        if path == "webhooks/subscriptions":
            assert wish["idempotency_key"]
            made = {"id": f"wbhk_{len(self.hooks)}", "signature_key": self.key, "enabled": True}
            self.hooks.append(wish["subscription"] | made)
            return 200, {"subscription": self.hooks[-1]}
        if path == "orders/batch-retrieve":
            found = [self.orders[one] for one in wish["order_ids"] if one in self.orders]
            return 200, {"orders": found} if found else {}
        if path == "customers/bulk-retrieve":
            return 200, {"responses": {one: self._one(one) for one in wish["customer_ids"]}}
        return _wrong(404, "INVALID_REQUEST_ERROR", "NOT_FOUND")

    def _one(self, id_: str) -> Any:
        if id_ in self.customers:
            return {"customer": self.customers[id_]}
        return _wrong(404, "INVALID_REQUEST_ERROR", "NOT_FOUND")[1]

    def _search(self, wish: dict[str, Any]) -> tuple[int, Any]:
        """Orders by when they changed; a filter by one time and an order by another are refused."""
        query, places = wish["query"], wish["location_ids"]
        times = query["filter"]["date_time_filter"]
        field = query["sort"]["sort_field"].lower()
        if not 0 < len(places) <= MOST_PLACES or set(times) != {field}:
            return _wrong(400, "INVALID_REQUEST_ERROR", "BAD_REQUEST")
        states = query["filter"]["state_filter"]["states"]
        found = [
            one for one in self.orders.values()
            if one["location_id"] in places and one["state"] in states
            and datetime.fromisoformat(one[field])
            >= datetime.fromisoformat(times[field]["start_at"])
        ]  # fmt: skip
        found.sort(key=lambda one: (one[field], one["id"]), reverse=_falls(query))
        begins, limit = int(wish.get("cursor", "0")), wish.get("limit", 500)
        page, more = found[begins : begins + limit], len(found) > begins + limit
        told: dict[str, Any] = {"orders": page} if page else {}
        return 200, told | ({"cursor": str(begins + limit)} if more else {})


def _falls(query: dict[str, Any]) -> bool:
    return query["sort"].get("sort_order", "DESC") == "DESC"


def _wrong(status: int, category: str, code: str) -> tuple[int, Any]:
    return status, {"errors": [{"category": category, "code": code, "detail": "No."}]}
