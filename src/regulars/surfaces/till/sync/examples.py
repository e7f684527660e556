"""Requests and answers of tills to look at; tests check that they fit."""

from __future__ import annotations

from typing import Any, Final

_AT: Final = "2026-03-02T08:15:00Z"
_TILL: Final = "til_019e0000000070008000000000000041"
_MEM: Final = "mem_019e0000000070008000000000000001"
_RED: Final = "red_019e0000000070008000000000000003"
_REC: Final = "rec_019e0000000070008000000000000042"
_HASH: Final = "q7lgKc5Zz1QyQ0mXyqB3m9e0m0aVxv3mCq2b2cC0T1E"
_TEXT: Final = (
    f'{{"format":1,"till":"{_TILL}","sequence":1,"previous":"{_HASH}","kind":"activity",'
    '"key":"7b1f6c2e-0d0f-4a57-9a9e-51a1b8f1c001","device_at":"2026-03-02T08:14:58.120Z",'
    '"offset_ms":-140,"heard_at":"2026-03-02T08:02:11Z","cashier":"mia","content":{"kind":'
    '"purchase","member":{"phone":"+4930901820"},"amount":{"minor":950,"currency":"EUR"}}}'
)

Example = dict[str, Any]

_MIA: Final = "staff_019e0000000070008000000000000051"

CASHIERS: Final[Example] = {
    "server_at": _AT,
    "lock_minutes": 10,
    "good_hours": 72,
    "items": [{"id": _MIA, "name": "Mia", "approves": False}],
}
CASHIER_SENT: Final[Example] = {"cashier": _MIA, "pin": "271828"}
CASHIER_IN: Final[Example] = {"server_at": _AT, "id": _MIA, "name": "Mia"}
CARD_CODE: Final[Example] = {"code": "RG1:AGPAAAAAAAAHAAEAAAAAAAAAAAAEK3PPZQ6OLZQQ"}
CARD_PROVED: Final[Example] = {"member_id": _MEM}
HANDED_OVER: Final[Example] = {"member": {"id": _MEM}, "reward": "coffee", "cashier": _MIA}
REDEEMED: Final[Example] = {
    "id": _RED,
    "member_id": _MEM,
    "reward": "coffee",
    "state": "captured",
    "price": {"points": 100},
    "balances": {"points": 7, "stamps": 5},
    "lapses_at": _AT,
    "kind": "item",
    "gives": {"quantity": 1},
    "money_minor": 0,
    "code": None,
    "code_ends_at": None,
    "free": [],
}
_ACT: Final = "act_019e0000000070008000000000000002"
SALES: Final[Example] = {
    "server_at": _AT,
    "items": [
        {
            "id": _ACT,
            "member_id": _MEM,
            "occurred_at": _AT,
            "source": "main-street",
            "receipt": "R-1042",
            "store": "main-street",
            "amount": {"minor": 950, "currency": "EUR"},
            "left": 1,
            "lines": [
                {
                    "line": 0,
                    "name": "Latte",
                    "quantity": 2,
                    "left": 1,
                    "amount": {"minor": 950, "currency": "EUR"},
                }
            ],
            "credits": None,
        }
    ],
}
LATE_CREDIT: Final[Example] = {
    "sale": {"source": "main-street", "external_id": "R-1042"},
    "member": {"phone": "+4930901820"},
}
LINK_SENT: Final[Example] = {
    "member": {"id": _MEM},
    "origin": "https://points.example.org",
    "cashier": _MIA,
}
LINK: Final[Example] = {
    "link": "/card/in?link=019e000000007000800000000000006143x7",
    "until": "2026-03-02T08:20:00Z",
    "square": "<svg …/>",
}
UNPAIRED: Final[Example] = {"server_at": _AT, "state": "unpaired"}
STORE_SENT: Final[Example] = {
    "name": "Main Street",
    "zone": "Europe/Berlin",
    "offline_rewards": ["coffee"],
    "offline_most": 30,
}
STORE: Final[Example] = {
    "code": "main-street",
    "name": "Main Street",
    "zone": "Europe/Berlin",
    "currency": "EUR",
    "offline_rewards": ["coffee"],
    "offline_most": 30,
    "opened_at": _AT,
    "closed_at": None,
}
CODE: Final[Example] = {"code": "7K3M9QXA", "store": "main-street", "ends_at": _AT}
TILL: Final[Example] = {
    "id": _TILL,
    "store": "main-street",
    "name": "Counter 1",
    "state": "paired",
    "reason": "",
    "paired_at": _AT,
    "paired_by": "key_019e0000000070008000000000000006",
    "seen_at": _AT,
    "told": 118,
    "missing": 0,
    "waiting": 1,
}
PAIRING: Final[Example] = {
    "name": "Counter 1",
    "public_key": "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-"
    "eFivOM1drMV7Oy7ZAaDe_UfU",
}
PAIRED: Final[Example] = {
    "id": _TILL,
    "token": "reg_live_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabcdefg",
    "store": "main-street",
    "name": "Counter 1",
    "lookup_key": _HASH,
    "first_previous": _HASH,
    "country": "DE",
    "currency": "EUR",
    "server_at": _AT,
}
RESULT: Final[Example] = {
    "id": _REC,
    "sequence": 1,
    "outcome": "applied",
    "reason": "",
    "says": "",
    "occurred_at": _AT,
    "clock": "",
    "again": False,
    "subject": "act_019e0000000070008000000000000002",
}
RECORDS: Final[Example] = {"records": [{"signed": _TEXT, "signature": f"{_HASH}{_HASH}"}]}
RECORDS_DONE: Final[Example] = {
    "server_at": _AT,
    "state": "paired",
    "reason": "",
    "results": [RESULT],
}
_ALLOWANCE: Final[Example] = {
    "place": 0,
    "redemption_id": _RED,
    "reward": "coffee",
    "name": "Free coffee",
    "member_id": _MEM,
    "price": {"points": 100},
    "spend_until": _AT,
    "lapses_at": _AT,
}
ALLOWANCES: Final[Example] = {"members": [{"id": _MEM}]}
ALLOWANCES_DONE: Final[Example] = {"server_at": _AT, "items": [_ALLOWANCE]}
RELEASE: Final[Example] = {"redemptions": [_RED]}
RELEASED: Final[Example] = {"redemptions": [_RED]}
SNAPSHOT: Final[Example] = {
    "server_at": _AT,
    "store": "main-street",
    "store_name": "Main Street",
    "zone": "Europe/Berlin",
    "till": _TILL,
    "state": "paired",
    "version": 3,
    "program": None,
    "members": [
        {
            "id": _MEM,
            "number": "482910573646",
            "given_name": "Ada",
            "locale": "de",
            "state": "active",
            "phone_ends": "1820",
            "finds": ["q7lgKc5Zz1QyQ0mXyqB3mw"],
            "tier": None,
            "balances": {"points": 120},
            "rewards": ["coffee"],
        }
    ],
    "gone": [],
    "offline": [_ALLOWANCE],
    "unsettled": [_REC],
    "next_cursor": None,
}
WAITING: Final[Example] = {
    "items": [
        {
            "id": _REC,
            "till_id": _TILL,
            "sequence": 1,
            "kind": "activity",
            "outcome": "quarantined",
            "reason": "unknown_member",
            "says": "nobody is known under this telephone",
            "cashier": "mia",
            "device_at": _AT,
            "occurred_at": _AT,
            "clock": "",
            "recorded_at": _AT,
            "signed": _TEXT,
        }
    ],
    "has_more": False,
    "next_cursor": None,
}
