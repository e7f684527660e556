"""Requests and answers about tiers given by hand."""

from __future__ import annotations

from typing import Any, Final

MEMBER: Final = "mem_019e0000000070008000000000000001"
_GRANT: Final = "tgr_019e000000007000800000000000000d"

Example = dict[str, Any]

MATCH: Final[Example] = {
    "member": {"id": MEMBER},
    "tier": "gold",
    "kind": "matched",
    "reason": "Gold with another airline",
    "actor": "Olga, Service",
    "challenge": {"credit": 150000, "within_days": 90},
    "proof": "Screenshot of the card, valid until 2027-03",
}
MATCHED: Final[Example] = {
    "id": _GRANT,
    "member_id": MEMBER,
    "kind": "matched",
    "tier": "gold",
    "state": "held",
    "until_at": "2026-10-04T22:00:00Z",
    "answer_by": None,
    "member_tier": "gold",
}
INVITATION: Final[Example] = {
    "member": {"phone": "030 901820"},
    "tier": "black",
    "reason": "Our best customers of the year",
    "actor": "Olga, Service",
}
INVITED: Final[Example] = MATCHED | {
    "kind": "invited",
    "tier": "black",
    "state": "waiting",
    "until_at": None,
    "answer_by": "2026-08-05T22:00:00Z",
}
TURN: Final[Example] = {"actor": "Olga, Service", "reason": "Given by mistake"}
KEPT: Final[Example] = {
    "id": _GRANT,
    "kind": "matched",
    "tier": "gold",
    "state": "held",
    "reason": "Gold with another airline",
    "actor": "Olga, Service",
    "proof": "Screenshot of the card, valid until 2027-03",
    "asks": 150000,
    "earned": 42050,
    "given_at": "2026-07-06T09:12:33Z",
    "answer_by": None,
    "begun_at": "2026-07-06T09:12:33Z",
    "until_at": "2026-10-04T22:00:00Z",
    "closed_at": None,
}
ELIGIBLE: Final[Example] = {
    "member_id": MEMBER,
    "tier": "gold",
    "reached": 512300,
    "needed": 500000,
    "or_reached": None,
    "or_needed": None,
}
MOVE: Final[Example] = {
    "at": "2026-07-06T09:12:33Z",
    "tier_before": "silver",
    "tier": "gold",
    "reason": "reached",
    "until_at": "2027-12-31T23:00:00Z",
    "program_version": 3,
    "needed": 150000,
    "credit": 152040,
    "credit_from": "decision",
    "activity_id": "act_0197dc8e5b1a7c3e8f00a1b2c3d4e5f6",
    "grant_id": None,
    "says": [
        "Since July 6, 2026: Gold (before: Silver).",
        "With what was collected by then it was reached.",
        "It holds until January 1, 2028.",
    ],
}
