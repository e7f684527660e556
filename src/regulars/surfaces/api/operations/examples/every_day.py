"""Requests and answers to look at, of one member and one day; tests check that they fit."""

from __future__ import annotations

from typing import Any, Final

_MEM: Final = "mem_019e0000000070008000000000000001"
_ACT: Final = "act_019e0000000070008000000000000002"
_RED: Final = "red_019e0000000070008000000000000003"
_ENT: Final = "ent_019e0000000070008000000000000004"
_LOT: Final = "lot_019e0000000070008000000000000005"
_KEY: Final = "key_019e0000000070008000000000000006"
_AT: Final = "2026-03-02T08:15:00Z"

Example = dict[str, Any]

JOIN: Final[Example] = {
    "identifiers": [
        {"kind": "phone", "value": "030 901820"},
        {"kind": "email", "value": "ada@example.org"},
    ],
    "given_name": "Ada",
    "locale": "de",
}
JOINED: Final[Example] = {
    "id": _MEM,
    "number": "482910573646",
    "joined_at": _AT,
    "upgraded": False,
}
ADMISSION: Final[Example] = {
    "member_id": "mem_019e0000000070008000000000000001",
    "birthday": "1991-05-17",
    "country": "DE",
    "guardian_id": None,
    "invited_by": None,
    "actor": "",
}
MEMBER: Final[Example] = {
    "id": _MEM,
    "number": "482910573646",
    "state": "active",
    "given_name": "Ada",
    "family_name": "",
    "locale": "de",
    "zone": "",
    "attributes": {"milk": "oat"},
    "identifiers": [
        {"kind": "email", "value": "ada@example.org"},
        {"kind": "phone", "value": "+4930901820"},
    ],
    "joined_at": _AT,
    "recorded_at": _AT,
    "merged_into": None,
}
CHANGED: Final[Example] = {"id": _MEM, "state": "active"}
LINK: Final[Example] = {
    "link": [{"kind": "card", "value": "C-2002"}],
    "unlink": [{"kind": "card", "value": "C-1001"}],
}
PURCHASE: Final[Example] = {
    "kind": "purchase",
    "member": {"phone": "030 901820"},
    "source": "till-3",
    "external_id": "receipt-10421",
    "occurred_at": _AT,
    "lines": [
        {
            "sku": "flat-white",
            "category": "coffee",
            "quantity": 2,
            "amount": {"minor": 780, "currency": "EUR"},
        }
    ],
}
RECORDED: Final[Example] = {
    "id": _ACT,
    "member_id": _MEM,
    "state": "recorded",
    "earned": {"points": 7, "stamps": 2},
    "balances": {"points": 107, "stamps": 5},
    "rules": [
        {"rule": "point-per-euro", "points": 7},
        {"rule": "stamp-per-coffee", "points": 2},
    ],
    "tier": None,
    "tier_before": None,
    "program_version": 1,
    "pending": {},
    "refunded": {},
    "milestones": {},
}
CONFIRMED: Final[Example] = {
    "id": _ACT,
    "member_id": _MEM,
    "outcome": "confirmed",
    "points": {"points": 7},
    "balances": {"points": 107, "stamps": 5},
}
_NOTHING: Final[Example] = {"minor": 0, "currency": "EUR"}
ACTIVITY: Final[Example] = {
    "id": _ACT,
    "member_id": _MEM,
    "kind": "purchase",
    "state": "recorded",
    "source": "till-3",
    "external_id": "receipt-10421",
    "sale_id": None,
    "store": "",
    "channel": "",
    "occurred_at": _AT,
    "recorded_at": _AT,
    "amount": {"minor": 780, "currency": "EUR"},
    "lines": [
        {
            "sku": "flat-white",
            "category": "coffee",
            "name": "",
            "quantity": 2,
            "amount": {"minor": 780, "currency": "EUR"},
            "discount": _NOTHING,
            "tax": _NOTHING,
        }
    ],
    "payments": [
        {"kind": "points", "amount": {"minor": 350, "currency": "EUR"}, "redemption": _RED}
    ],
    "returned": [],
    "details": {},
    "actor": _KEY,
    "paid": None,
}
TRAIL: Final[Example] = {
    "activity_id": _ACT,
    "sale_id": None,
    "program_version": 1,
    "says": [
        "€7.80 of it count.",
        "“1 point for each 1.00 you spend” gives 7.8 Points.",
        "In all: 7.8 Points, rounded down to 7.",
    ],
    "rules": [
        {"rule": "point-per-euro", "points": 7},
        {"rule": "stamp-per-coffee", "points": 2},
    ],
    "counted": [{"definition": "standard", "amount": {"minor": 780, "currency": "EUR"}}],
    "weighed": [
        {
            "rule": "point-per-euro", "wallet": "points", "why": "given", "worth": "7.8",
            "given": "7.8", "points": 7, "missed": [],
        },
    ],
    "sums": [{"wallet": "points", "exact": "7.8", "units": 7}],
}  # fmt: skip
STANDING: Final[Example] = {
    "member_id": _MEM,
    "as_of": _AT,
    "wallets": {
        "points": {
            "available": 107,
            "pending": 0,
            "held": 0,
            "debt": 0,
            "earned": 107,
            "lapses_next": {"at": "2027-03-31T22:00:00Z", "units": 107, "because": "expiry"},
            "activates_next": None,
            "cancels_next": None,
        }
    },
    "tier": None,
    "next_tier": None,
    "rewards": [
        {
            "reward": "free-coffee",
            "name": "A free coffee",
            "price": {"points": 100},
            "available": True,
            "why_not": None,
        }
    ],
    "tier_outlook": None,
    "ladders": {},
    "games": None,
    "resting": [{"rule": "visit", "until": "2026-03-02T14:12:00Z"}],
    "won": [],
}
ENTRY: Final[Example] = {
    "id": _ENT,
    "kind": "earn",
    "cause": _ACT,
    "occurred_at": _AT,
    "recorded_at": _AT,
    "actor": _KEY,
    "reason": "",
    "postings": [
        {"wallet": "points", "account": "issued", "amount": -7},
        {"wallet": "points", "account": "available", "amount": 7},
    ],
}
ENTRY_TOLD: Final[Example] = {
    "entry_id": _ENT,
    "says": [
        "Earned on March 2, 2026: 7 Points.",
        "7 Points, earned on March 2, 2026, with an end on April 1, 2027.",
    ],
    "entry": ENTRY,
    "lots": [
        {
            "lot_id": _LOT, "wallet": "points", "units": 7, "earned_at": _AT,
            "expires_at": "2027-03-31T22:00:00Z",
        },
    ],
}  # fmt: skip
LOT: Final[Example] = {
    "id": _LOT,
    "wallet": "points",
    "amount": 7,
    "remaining": 7,
    "held": 0,
    "earned_at": _AT,
    "expires_at": "2027-03-31T22:00:00Z",
    "program_version": 1,
    "state": "open",
    "activates_at": None,
    "cancels_at": None,
}
MESSAGE: Final[Example] = {
    "id": "msg_019e0000000070008000000000000009",
    "kind": "expiry_notice",
    "wallet": "points",
    "points": 7,
    "lapses_at": "2027-03-31T22:00:00Z",
    "recorded_at": _AT,
    "delivered_at": None,
    "delivered_by": "",
    "about": "",
}
MESSAGE_DELIVERED: Final[Example] = {
    "id": "msg_019e0000000070008000000000000009",
    "member_id": _MEM,
    "delivered_at": _AT,
    "delivered_by": "receipt",
}
ADJUSTMENT: Final[Example] = {
    "member": {"id": _MEM},
    "wallet": "points",
    "units": 20,
    "reason": "The machine was broken on Monday",
    "actor": "Clara, Main Street",
}
ADJUSTED: Final[Example] = {
    "id": _ENT,
    "member_id": _MEM,
    "wallet": "points",
    "units": 20,
    "balances": {"points": 127, "stamps": 5},
    "expires_at": "2027-03-31T22:00:00Z",
}
REWARD: Final[Example] = {
    "id": "free-coffee",
    "name": "A free coffee",
    "price": {"points": 100},
    "worth": {"minor": 350, "currency": "EUR"},
    "tier": None,
    "stores": [],
    "from_on": None,
    "until_on": None,
    "limit": None,
    "stock": None,
    "kind": "item",
    "gives": {},
    "by": "points",
    "money": {"minor": 0, "currency": "EUR"},
    "other_prices": [{"price": {"points": 50}, "money": {"minor": 200, "currency": "EUR"}}],
    "cooldown": None,
    "channels": [],
    "attributes": {},
    "head_start": {},
    "says": "A free coffee, for 100 Points or 50 Points and €2.00",
}
REDEMPTION: Final[Example] = {
    "member": {"card": "C-1001"},
    "reward": "free-coffee",
    "store": "main-street",
    "capture": True,
}
QUOTE: Final[Example] = {
    "member": {"card": "C-1001"},
    "pay": {
        "basket": {"minor": 900, "currency": "EUR"},
        "discount": {"minor": 100, "currency": "EUR"},
        "want": {"minor": 300, "currency": "EUR"},
    },
}
QUOTED: Final[Example] = {
    "wallet": "points",
    "points": 300,
    "value": {"minor": 300, "currency": "EUR"},
    "discount": {"minor": 100, "currency": "EUR"},
    "left": {"minor": 500, "currency": "EUR"},
    "partly": False,
}
REDEEMED: Final[Example] = {
    "id": _RED,
    "member_id": _MEM,
    "reward": "free-coffee",
    "state": "captured",
    "price": {"points": 100},
    "balances": {"points": 7, "stamps": 5},
    "lapses_at": "2026-03-02T08:30:00Z",
    "kind": "item",
    "gives": {"quantity": 1},
    "money_minor": 0,
    "code": None,
    "code_ends_at": None,
    "free": [],
}
REDEMPTION_KEPT: Final[Example] = {
    "id": _RED,
    "member_id": _MEM,
    "reward": "free-coffee",
    "name": "A free coffee",
    "state": "captured",
    "price": {"points": 100},
    "worth": {"minor": 350, "currency": "EUR"},
    "store": "main-street",
    "channel": "",
    "opened_at": _AT,
    "lapses_at": "2026-03-02T08:30:00Z",
    "closed_at": _AT,
    "program_version": 1,
    "kind": "item",
    "gives": {"quantity": 1},
    "money": {"minor": 0, "currency": "EUR"},
    "paid_for": None,
    "free": [],
}
PROGRAM: Final[Example] = {
    "program": "coffee-shop",
    "name": "Corner Coffee",
    "currency": "EUR",
    "zone": "Europe/Berlin",
    "version": 1,
    "effective_from": "2026-01-01T00:00:00Z",
    "wallets": [{"id": "points", "name": "Points", "kind": "points", "scale": 0}],
    "rules": [
        {
            "id": "point-per-euro",
            "on": "purchase",
            "wallet": "points",
            "says": "1 point for each 1.00 you spend",
        }
    ],
    "tiers": [],
    "languages": ["en", "de"],
    "promises": ["Regular: 10 visits", "Every tenth: every 10 × purchase: 50 Points"],
}
VERSION: Final[Example] = {
    "version": 1,
    "effective_from": "2026-01-01T00:00:00Z",
    "published_at": "2025-12-20T10:00:00Z",
    "published_by": _KEY,
}
SOURCE: Final = "regulars: 1\nprogram: coffee-shop\nname: Corner Coffee\n…"
PUBLISHED: Final[Example] = {
    "version": 2,
    "effective_from": _AT,
    "fresh": True,
    "warnings": [],
}
KEY: Final[Example] = {
    "name": "Till 3, Main Street",
    "scopes": ["members:read", "activities:write", "redemptions:write"],
}
KEY_MADE: Final[Example] = {
    "id": _KEY,
    "key": "reg_live_…",
    "name": "Till 3, Main Street",
    "scopes": ["activities:write", "members:read", "redemptions:write"],
    "mode": "live",
    "created_at": _AT,
}
KEY_KEPT: Final[Example] = {
    "id": _KEY,
    "name": "Till 3, Main Street",
    "scopes": ["activities:write", "members:read", "redemptions:write"],
    "mode": "live",
    "created_at": _AT,
    "created_by": _KEY,
    "revoked_at": None,
}
SHOP_KEY_KEPT: Final[Example] = KEY_KEPT | {
    "name": "Web shop",
    "scopes": ["shop"],
    "origins": ["https://shop.example", "https://www.shop.example"],
    "key": "reg_shop_…",
    "per_minute": None,
}
KEY_REVOKED: Final[Example] = {"id": _KEY, "revoked_at": _AT}
