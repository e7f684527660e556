"""Requests and answers about memberships people pay for."""

from __future__ import annotations

from typing import Any, Final

_MEMBER: Final = "mem_019e0000000070008000000000000001"
_FEE: Final = {"minor": 1000, "currency": "EUR"}

Example = dict[str, Any]

START: Final[Example] = {
    "member": {"phone": "030 901820"},
    "plan": "plus",
    "amount": _FEE,
    "source": "payments",
    "external_id": "in_1001",
}
STANDS: Final[Example] = {
    "id": "mbs_019e0000000070008000000000000021",
    "member_id": _MEMBER,
    "plan": "plus",
    "state": "active",
    "from_at": "2027-01-31T14:00:00Z",
    "until_at": "2027-02-28T14:00:00Z",
    "wait_until": None,
    "next_plan": None,
    "amount": _FEE,
    "next_fee": _FEE,
    "balances": {"points": 100},
}
TOLD: Final[Example] = {"source": "payments", "external_id": "evt_1002"}
PAID: Final[Example] = TOLD | {"amount": _FEE}
REFUNDED: Final[Example] = PAID | {"payment": "in_1001"}
CHANGE: Final[Example] = TOLD | {"plan": "club", "at": "now"}
SHOWN: Final[Example] = {
    "id": STANDS["id"],
    "member_id": _MEMBER,
    "plan": "plus",
    "state": "active",
    "from_at": STANDS["from_at"],
    "until_at": STANDS["until_at"],
    "wait_until": None,
    "next_plan": None,
    "next_fee": _FEE,
    "refundable": {"minor": 0, "currency": "EUR"},
    "uses": 3,
    "worth": {"minor": 1470, "currency": "EUR"},
    "saved": {"minor": 470, "currency": "EUR"},
    "turns": [
        {
            "what": "started",
            "at": STANDS["from_at"],
            "state": "active",
            "plan": "plus",
            "amount": _FEE,
            "until_at": STANDS["until_at"],
            "source": "payments",
            "external_id": "in_1001",
            "actor": "",
            "reason": "",
            "payment": None,
        }
    ],
}
QUOTE: Final[Example] = {
    "plan": "club",
    "due": _FEE,
    "until_at": STANDS["until_at"],
}
