"""Examples of webhooks."""

from __future__ import annotations

from typing import Any, Final

Example = dict[str, Any]

_HOK: Final = "hok_018f3c5e7a1b7cde8f00686f6b000000"
_EVT: Final = "evt_018f3c5e7a1b7cde8f00657674000000"
_MEM: Final = "mem_018f3c5e7a1b7cde8f006d656d000000"
_AT: Final = "2026-03-02T12:00:00Z"

WEBHOOK: Final[Example] = {
    "url": "https://warehouse.example/regulars",
    "types": ["points.earned", "reward.captured"],
    "name": "Warehouse",
}
WEBHOOK_KEPT: Final[Example] = {
    "id": _HOK,
    "name": "Warehouse",
    "url": "https://warehouse.example/regulars",
    "types": ["points.earned", "reward.captured"],
    "form": "standard",
    "state": "active",
    "reason": "",
    "secret_overlap_until": None,
    "failing_since": None,
    "replaying": None,
    "created_at": _AT,
    "created_by": "key_018f3c5e7a1b7cde8f006b6579000000",
    "broker": None,
}
WEBHOOK_MADE: Final[Example] = {"id": _HOK, "secret": "whsec_…", "webhook": WEBHOOK_KEPT}
WEBHOOK_PAUSED: Final[Example] = WEBHOOK_KEPT | {"state": "paused"}
WEBHOOK_REPLAYING: Final[Example] = {
    "id": _HOK,
    "replaying": {"since": "2026-03-01T00:00:00Z", "asked_at": _AT, "moved": 0},
}
DELIVERY: Final[Example] = {
    "event_id": _EVT,
    "type": "points.earned",
    "member_id": _MEM,
    "epoch": 0,
    "position": 3,
    "state": "delivered",
    "reason": "",
    "recorded_at": _AT,
    "settled_at": "2026-03-02T12:00:01Z",
    "tries": [],
}
DELIVERY_TRIED: Final[Example] = DELIVERY | {
    "tries": [{"tried_at": _AT, "took_ms": 38, "status": 204, "reason": ""}]
}
EVENT_TYPE: Final[Example] = {
    "type": "code.used",
    "says": "A code of a reward was used.",
    "schema": {"type": "object", "properties": {}, "required": []},
    "example": {"reward": "free-coffee"},
}
