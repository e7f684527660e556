"""Requests and answers about somebody's day; tests check that they fit."""

from __future__ import annotations

from typing import Any, Final

from regulars.surfaces.api.operations.examples import benefits

Example = dict[str, Any]

_MEM: Final = benefits.MEMBER
_MIA: Final = "staff_019e0000000070008000000000000051"
_USE: Final = "use_019e000000007000800000000000000b"

DAY: Final[Example] = {
    "server_at": "2026-07-10T07:30:00Z",
    "birthday": True,
    "birthday_rules": ["birthday-week"],
    "appointments": [
        {
            "id": _USE,
            "benefit": "stylist",
            "name": "An hour with a stylist",
            "store": "main-street",
            "from_at": "2026-07-10T08:00:00Z",
            "until_at": "2026-07-10T09:00:00Z",
            "guests": 0,
            "came_at": None,
            "today": True,
            "may": ["came"],
        }
    ],
    "included": [
        {
            "benefit": "birthday-cake",
            "name": "A cake on your birthday",
            "left": 1,
            "for_birthday": True,
            "booked": False,
            "needs": [],
            "guests": 0,
            "around": True,
        }
    ],
    "waits": [],
    "associates": [{"benefit": "stylist", "name": "An hour with a stylist", "who": "Mia"}],
}
TIMES: Final[Example] = {
    "from_on": "2026-07-10",
    "until_on": "2026-07-17",
    "items": [
        {"from_at": "2026-07-10T08:00:00Z", "left": 2},
        {"from_at": "2026-07-10T09:00:00Z", "left": 0},
    ],
}
USE: Final[Example] = {
    "member": {"id": _MEM},
    "benefit": "stylist",
    "from_at": "2026-07-10T08:00:00Z",
    "guests": ["Nil Demir"],
    "cashier": _MIA,
}
BOOKED: Final[Example] = benefits.BOOKED
CHANGE: Final[Example] = {"do": "came", "cashier": _MIA}
PAYMENT: Final[Example] = {
    "member": {"id": _MEM},
    "pay": {
        "basket": {"minor": 900, "currency": "EUR"},
        "want": {"minor": 300, "currency": "EUR"},
    },
    "cashier": _MIA,
}
