"""Examples about trying things out, and finding out what came of a request."""

from __future__ import annotations

from typing import Any, Final

from regulars.surfaces.api.operations.examples import terms

WANTED: Final = {"name": "spring-menu"}
SANDBOX: Final[dict[str, Any]] = {
    "name": "spring-menu",
    "now": "2026-03-02T08:15:00Z",
    "ahead_seconds": 0,
    "moving": None,
    "made_at": "2026-03-02T08:15:00Z",
    "made_by": "key_01890a5d5f7b7f00a1b2c3d4e5f60718",
}
MOVING: Final = SANDBOX | {
    "moving": {
        "from_at": "2026-03-02T08:15:00Z",
        "to_at": "2026-04-01T08:15:00Z",
        "done_percent": 0,
    },
}
MADE: Final = {
    "sandbox": SANDBOX,
    "key_id": "key_01890a5d5f7b7f00a1b2c3d4e5f60719",
    "key": "reg_test_…",
}
PROMOTED: Final = {
    "draft": terms.DRAFT,
    "make_anew": [
        {"kind": "api_key", "name": "till 3", "says": "activities:write, members:read"},
        {"kind": "webhook", "name": "warehouse", "says": "https://warehouse.example/in"},
    ],
}
UNSENT: Final = {
    "items": [
        {
            "id": "dlv_01890a5d5f7b7f00a1b2c3d4e5f60720",
            "member_id": "mem_01890a5d5f7b7f00a1b2c3d4e5f60701",
            "channel": "email",
            "kind": "notice",
            "subject": "Points that end soon",
            "text": "46 points end on 16 March 2026.",
            "written_at": "2026-03-02T08:15:00Z",
        }
    ],
    "has_more": False,
    "next_cursor": None,
}
REQUESTS: Final = {
    "items": [
        {
            "at": "2026-03-02T08:15:00Z",
            "key_id": "key_01890a5d5f7b7f00a1b2c3d4e5f60719",
            "operation": "record_activity",
            "idempotency_key_begins": "receipt-",
            "status": 201,
            "code": None,
            "duration_ms": 4,
            "made": "act_01890a5d5f7b7f00a1b2c3d4e5f60721",
        }
    ],
    "has_more": False,
    "next_cursor": None,
}
