"""Examples of service cases and references, as they are sent and answered."""

from __future__ import annotations

from typing import Any, Final

MEMBER: Final = "mem_0198f3a2b4c87d10a1b2c3d4e5f60718"
_KEY: Final = "key_0198f3a2b4c87d10a1b2c3d4e5f60718"
CASE_SENT: Final[dict[str, Any]] = {
    "member": {"card": "4711"},
    "subject": "The parcel came open",
    "text": "Two bags are missing.",
    "reason": "delivery",
}
CASE: Final[dict[str, Any]] = {
    "id": "cas_0198f3a2b4c87d10a1b2c3d4e5f60718",
    "member_id": MEMBER,
    "subject": "The parcel came open",
    "reason": "delivery",
    "store": "",
    "priority": "high",
    "tier": "gold",
    "state": "open",
    "outcome": "",
    "opened_at": "2026-03-02T12:00:00Z",
    "opened_by": _KEY,
    "due_at": "2026-03-02T16:00:00Z",
    "closed_at": None,
    "closed_by": "",
}
OVER: Final[dict[str, Any]] = CASE | {
    "state": "closed", "outcome": "solved", "closed_at": "2026-03-02T15:00:00Z", "closed_by": _KEY,
}  # fmt: skip
CASE_READ: Final[dict[str, Any]] = {
    "case": CASE,
    "notes": [
        {"text": "Two bags are missing.", "made_at": "2026-03-02T12:00:00Z", "made_by": _KEY}
    ],
}
LEAVE: Final[dict[str, Any]] = {
    "member_id": MEMBER, "agrees": True, "agreed_at": "2026-03-02T12:00:00Z",
}  # fmt: skip
REQUEST_SENT: Final[dict[str, Any]] = {
    "prospect": "Corner Bakery, Bremen", "wants": {"industry": "bakery"},
}  # fmt: skip
REQUEST: Final[dict[str, Any]] = {
    "id": "rfr_0198f3a2b4c87d10a1b2c3d4e5f60718",
    "prospect": "Corner Bakery, Bremen",
    "wants": {"industry": "bakery"},
    "state": "open",
    "member_id": None,
    "made_at": "2026-03-02T12:00:00Z",
    "made_by": _KEY,
    "ended_at": None,
    "ended_by": "",
}
REQUEST_READ: Final[dict[str, Any]] = {
    "request": REQUEST,
    "matches": [{"member_id": MEMBER, "asked": 0, "asked_at": None}],
}
