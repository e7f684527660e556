"""Examples of segments, as they are sent and answered."""

from __future__ import annotations

from typing import Any, Final

CONDITION: Final[dict[str, Any]] = {
    "if": "all",
    "of": [
        {"if": "spent", "at_least": "100.00", "within_days": 365},
        {"if": "last_order", "at_least": 60},
    ],
}
_FIRST: Final = "money spent: at least 100.00 EUR (in the last 365 days)"
_SECOND: Final = "last purchase: at least 60 days ago"
_SAYS: Final = f"{_FIRST} and {_SECOND}"
SENT: Final[dict[str, Any]] = {"name": "Good and gone quiet", "condition": CONDITION}
PREVIEWED: Final[dict[str, Any]] = {
    "members": 214,
    "of": 4_120,
    "says": _SAYS,
    "warns": "",
    "sample": ["mem_0198f3a2b4c87d10a1b2c3d4e5f60718"],
}
SEGMENT: Final[dict[str, Any]] = {
    "code": "gone-quiet",
    "name": "Good and gone quiet",
    "kind": "rule",
    "state": "saved",
    "version": 1,
    "members": 214,
    "filled": True,
    "says": _SAYS,
    "made_at": "2026-03-02T12:00:00Z",
    "made_by": "key_0198f3a2b4c87d10a1b2c3d4e5f60718",
    "changed_at": "2026-03-02T12:00:00Z",
    "tells": False,
}
INSIDE: Final = {
    "member_id": "mem_0198f3a2b4c87d10a1b2c3d4e5f60718",
    "since": "2026-03-03T00:00:02Z",
}
MOVE: Final = {
    "member_id": "mem_0198f3a2b4c87d10a1b2c3d4e5f60718",
    "at": "2026-03-03T00:00:02Z",
    "entered": True,
    "because": "time",
}
WHY: Final[dict[str, Any]] = {
    "holds": True,
    "says": _SAYS,
    "has": None,
    "parts": [
        {
            "holds": True,
            "says": _FIRST,
            "has": 18_450,
            "parts": [],
        },
        {
            "holds": True,
            "says": _SECOND,
            "has": 61,
            "parts": [],
        },
    ],
}
