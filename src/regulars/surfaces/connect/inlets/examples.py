"""Examples of sources of events and of what comes in."""

from __future__ import annotations

from typing import Any, Final

Example = dict[str, Any]

INL: Final = "inl_018f3c5e7a1b7cde8f00696e6c000000"
ARR: Final = "arr_018f3c5e7a1b7cde8f00617272000000"
ACT: Final = "act_018f3c5e7a1b7cde8f00616374000000"
_AT: Final = "2026-03-02T12:00:00Z"
MAPPING: Final = """\
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
"""
PAYLOAD: Final[Example] = {
    "type": "order.paid",
    "timestamp": _AT,
    "data": {
        "id": "1001",
        "paid_at": _AT,
        "customer": "4711",
        "email": "ada@example.org",
        "currency": "EUR",
        "total": "12.50",
    },
}
INLET: Final[Example] = {"name": "Web shop", "kind": "webhook", "mapping": MAPPING}
INLET_KEPT: Final[Example] = {
    "id": INL,
    "name": "Web shop",
    "kind": "webhook",
    "source": "web-shop",
    "address": f"/v1/in/{INL}",
    "state": "active",
    "mapping": MAPPING,
    "secret_overlap_until": None,
    "open": 0,
    "waiting": 0,
    "waiting_since": None,
    "last_received_at": _AT,
    "created_at": _AT,
    "created_by": "key_018f3c5e7a1b7cde8f006b6579000000",
}
INLET_MADE: Final[Example] = {"id": INL, "secret": "whsec_…", "inlet": INLET_KEPT}
READ: Final[Example] = {
    "fits": True,
    "type": "order.paid",
    "activities": [
        {
            "activity": {
                "kind": "purchase",
                "occurred_at": _AT,
                "source": "web-shop",
                "external_id": "1001",
                "amount_minor": 1250,
            },
            "found_by": [{"email": "ada@example.org"}, {"card": "shop-4711"}],
        }
    ],
    "field": "",
    "reason": "",
    "mend": "",
    "letter": None,
    "partner": None,
}
ARRIVAL: Final[Example] = {
    "id": ARR,
    "type": "order.paid",
    "name": "msg_1001",
    "received_at": _AT,
    "state": "booked",
    "code": "",
    "field": "",
    "reason": "",
    "mend": "",
    "settled_at": "2026-03-02T12:00:01Z",
    "activities": [],
    "entry": None,
    "payload": None,
}
ARRIVAL_WHOLE: Final[Example] = ARRIVAL | {
    "activities": [{"activity_id": ACT, "first": True}],
    "payload": '{"type": "order.paid", "data": {"id": "1001"}}',
}
