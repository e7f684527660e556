"""Requests and answers about benefits."""

from __future__ import annotations

from typing import Any, Final

MEMBER: Final = "mem_019e0000000070008000000000000001"
_USE: Final = "use_019e000000007000800000000000000b"

Example = dict[str, Any]

BENEFIT: Final[Example] = {
    "id": "companion",
    "name": "A companion flies along",
    "says": "Twice a year somebody flies with you for the taxes alone",
    "tier": "gold",
    "by": "tier",
    "plan": None,
    "allowance": {"times": 2, "per": "year"},
    "choose_one": None,
    "stores": [],
    "channels": [],
    "categories": [],
    "skus": [],
    "from_on": None,
    "until_on": None,
    "head_start": {},
    "blackout": [{"from_on": "2026-12-20", "until_on": "2027-01-07"}],
    "needs": ["companion"],
    "worth": {"minor": 8000, "currency": "EUR"},
    "guests": None,
    "appointments": None,
    "associate": None,
    "birthday": None,
}
MAY: Final[Example] = {
    "benefit": "companion",
    "name": "A companion flies along",
    "may": False,
    "left": 2,
    "opens_at": None,
    "at": "2026-12-24T09:00:00Z",
    "why_not": {
        "code": "not_now",
        "detail": "not on these days",
        "facts": {"from_on": "2026-12-20", "until_on": "2027-01-07"},
    },
    "ends_at": None,
}
USE: Final[Example] = {
    "member": {"phone": "030 901820"},
    "benefit": "companion",
    "store": "ber",
    "details": {"companion": "Nil Demir"},
}
USED: Final[Example] = {
    "id": _USE,
    "member_id": MEMBER,
    "benefit": "companion",
    "state": "used",
    "left": 1,
    "granted": False,
    "times": 1,
    "guests": 0,
    "from_at": None,
    "until_at": None,
    "came_at": None,
}
BOOKED: Final[Example] = USED | {
    "benefit": "stylist",
    "left": None,
    "from_at": "2026-07-10T08:00:00Z",
    "until_at": "2026-07-10T09:00:00Z",
}
SLOTS: Final[Example] = {
    "benefit": "stylist",
    "store": "mitte",
    "items": [
        {"from_at": "2026-07-10T08:00:00Z", "until_at": "2026-07-10T09:00:00Z", "left": 2},
        {"from_at": "2026-07-10T09:00:00Z", "until_at": "2026-07-10T10:00:00Z", "left": 0},
    ],
}
USE_KEPT: Final[Example] = {
    "id": _USE,
    "member_id": MEMBER,
    "benefit": "companion",
    "name": "A companion flies along",
    "state": "used",
    "worth": {"minor": 8000, "currency": "EUR"},
    "cost": {"minor": 2500, "currency": "EUR"},
    "granted": False,
    "store": "ber",
    "channel": "",
    "sku": "",
    "details": {"companion": "Nil Demir"},
    "actor": "key_019e0000000070008000000000000006",
    "used_at": "2026-07-06T09:12:33Z",
    "undone_at": None,
    "program_version": 3,
    "times": 1,
    "guests": 0,
    "guest_members": [],
    "from_at": None,
    "until_at": None,
    "cancel_until": None,
    "came_at": None,
}
GRANT: Final[Example] = {
    "member": {"id": MEMBER},
    "benefit": "companion",
    "times": 1,
    "until_at": "2027-06-30T22:00:00Z",
    "reason": "Three hours late on Sunday",
    "actor": "Olga, Service",
}
GRANTED: Final[Example] = {
    "id": "grt_019e000000007000800000000000000c",
    "member_id": MEMBER,
    "benefit": "companion",
    "times": 1,
    "from_at": "2026-07-06T09:12:33Z",
    "until_at": "2027-06-30T22:00:00Z",
}
