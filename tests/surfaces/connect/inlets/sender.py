"""Another system that sends its events to a shop, and a worker that is called by hand."""

from __future__ import annotations

import hmac
import os
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec
from tests.surfaces.counter import Counter

from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.inlets.booker import Booker

MAPPING = """\
mapping: web-shop
title: Our web shop
source: web-shop
unknown: card
events:
  order.paid:
    gives:
      - kind: {constant: purchase}
        external_id: data.id
        occurred_at: data.paid_at
        email: data.email
        card: {column: data.customer, prefix: shop-}
        currency: data.currency
        amount: data.total
  order.packed:
    gives:
      - kind: {constant: purchase}
        external_id: data.id
        card: data.card
        lines: {each: data.lines, sku: sku, quantity: pieces, price: each, discount: less}
        shipping: data.shipping
        payments:
          each: data.paid
          kind: {column: by, values: {card: money, gift: stored_value}}
          amount: sum
      - kind: {constant: visit}
        external_id: {column: data.id, prefix: visit-}
        card: data.card
  order.returned:
    gives:
      - kind: {constant: return}
        external_id: data.id
        occurred_at: data.at
        sale_id: data.order
        returned: {each: data.lines, line: line, quantity: pieces, first: 1}
  order.never-packed:
    gives:
      - kind: {constant: return}
        external_id: {column: data.id, prefix: never-}
        sale_id: {column: data.id, prefix: visit-}
        sale_kind: data.of
  order.noted: {says: Nothing to book}
"""
AT = "2026-03-02T11:00:00Z"


class Sender:
    """Signs and sends; `now` of the shop is its clock, too."""

    def __init__(self, counter: Counter, mapping: str = MAPPING, kind: str = "webhook") -> None:
        self.counter, self.shop = counter, counter.shop
        self.mark = os.urandom(3).hex()
        """Its own, so that no two senders tell the same receipt."""
        mapping = mapping.replace("source: web-shop", f"source: web-{self.mark}")
        self.mapping = mapping
        wish = {"name": "Web shop", "kind": kind, "mapping": mapping}
        answer = counter.post("/v1/inlets", wish)
        assert answer.status_code == 201, answer.text
        self.made = answer.json()
        self.address = self.made["inlet"]["address"]
        self.place = f"/v1/inlets/{self.made['id']}"
        self.secret = b64decode(self.made["secret"].removeprefix("whsec_"))
        self.booker = Booker(self.shop.database, Programs(self.shop.database), counter.given.keyed)

    def signed(self, id_: str, body: bytes, at: datetime | None = None) -> dict[str, str]:
        """The headers over these bytes."""
        seconds = str(int((at or self.shop.now).timestamp()))
        made = hmac.digest(self.secret, f"{id_}.{seconds}.".encode() + body, "sha256")
        return {
            "content-type": "application/json",
            "webhook-id": id_,
            "webhook-timestamp": seconds,
            "webhook-signature": f"v1,{b64encode(made).decode()}",
        }

    def post(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        """These bytes with these headers, and nothing else."""
        sending = self.counter.client.post(self.address, content=body, headers=headers)
        return self.shop.run(sending)

    def send(self, id_: str, payload: Any, at: datetime | None = None) -> httpx.Response:
        """A payload, signed now."""
        body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
        return self.post(body, self.signed(id_, body, at))

    def book(self) -> None:
        """What waits is booked, as the worker does it."""
        self.shop.run(self.booker.book(self.shop.program_id))

    def states(self) -> list[tuple[str, str, str]]:
        """State, code and field of everything that came in by it, in its order."""
        inlet = self.made["id"].removeprefix("inl_")
        return self.shop.rows(_STATES, inlet)  # type: ignore[return-value]

    def later(self, **by_so_much: float) -> None:
        self.shop.now += timedelta(**by_so_much)

    def points(self, card: str) -> int:
        """What this card has of points; 0 while nobody knows it."""
        return self.shop.balances(card).get("points", (0, 0, 0))[0]


_STATES = """
select state, code, field from arrival
 where program_id = $1 and inlet_id = $2::text::uuid order by arrival_id
"""


def paid(order: str, total: str = "10.00", customer: str = "7", **more: Any) -> dict[str, Any]:
    """An order that was paid."""
    said = {"id": order, "paid_at": AT, "customer": customer, "total": total, "currency": "EUR"}
    return {"type": "order.paid", "data": said | more}


def returned(order: str, id_: str, **more: Any) -> dict[str, Any]:
    """An order that came back, whole where no lines are said."""
    return {"type": "order.returned", "data": {"id": id_, "at": AT, "order": order, **more}}
