"""Examples of offers, as they are sent and answered."""

from __future__ import annotations

from typing import Any, Final

MEMBER: Final = "mem_0198f3a2b4c87d10a1b2c3d4e5f60718"
_KEY: Final = "key_0198f3a2b4c87d10a1b2c3d4e5f60718"
_GIVES: Final = {
    "give": "bonus", "wallet": "points", "points": 50, "on": "purchase", "at_least": "10.00",
    "categories": [], "times": 1,
}  # fmt: skip
_SAYS: Final = {"en": "50 points more with your next purchase from 10.00"}
SENT: Final[dict[str, Any]] = {
    "name": "Come back",
    "gives": {"give": "bonus", "wallet": "points", "points": 50, "at_least": "10.00"},
    "says": _SAYS,
    "segment": "gone-quiet",
    "days": 14,
    "budget": "10000",
}
OFFER: Final[dict[str, Any]] = {
    "code": "come-back",
    "name": "Come back",
    "gives": _GIVES,
    "says": _SAYS,
    "segment": "gone-quiet",
    "activating": False,
    "days": 14,
    "ends_on": None,
    "budget": "10000",
    "most": 100_000,
    "held_percent": 5,
    "state": "open",
    "version": 1,
    "known_as": "offer-come-back",
    "given": 1900,
    "holds_out": True,
    "made_at": "2026-03-02T12:00:00Z",
    "made_by": _KEY,
    "changed_at": "2026-03-02T12:00:00Z",
    "changed_by": _KEY,
    "opened_at": "2026-03-02T12:05:00Z",
    "opened_by": _KEY,
    "closed_at": None,
    "closed_by": None,
}
READ: Final[dict[str, Any]] = {
    "offer": OFFER,
    "counts": [
        {"state": "held", "why": "", "members": 1900},
        {"state": "held_out", "why": "here", "members": 100},
    ],
    "effect": {
        "days": 28,
        "given": {"members": 1900, "orders": 760, "spend_minor": 1_140_000},
        "held_out": {"members": 100, "orders": 31, "spend_minor": 43_400},
        "orders": {"value": 0.09, "low": 0.01, "high": 0.17},
        "spend_minor": {"value": 166.0, "low": 20.0, "high": 312.0},
    },
}
HELD: Final[dict[str, Any]] = {
    "code": "come-back",
    "name": "Come back",
    "says": _SAYS,
    "gives": _GIVES,
    "state": "held",
    "how": "segment",
    "offered_at": "2026-03-02T12:06:00Z",
    "until_on": "2026-03-16",
    "held_at": "2026-03-02T12:06:00Z",
    "left": 1,
    "used_up": False,
}
