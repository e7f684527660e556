"""Requests and answers about referrals."""

from __future__ import annotations

from typing import Any, Final

_ADA: Final = "mem_019e0000000070008000000000000001"
_BEN: Final = "mem_019e0000000070008000000000000002"

Example = dict[str, Any]

CODE_WISH: Final[Example] = {
    "member": {"phone": "030 901820"},
    "marks": {"device": "5b1e0c9a"},
}
CODE: Final[Example] = {
    "member_id": _ADA,
    "code": "4H7KW2P7",
    "link": "https://shop.example/join?friend=4H7KW2P7",
}
NAMES: Final[Example] = {
    "member": {"email": "ben@example.org"},
    "code": "4H7K-W2P7",
    "marks": {"device": "77aa31d0", "address": "Torstr. 1, 10119 Berlin"},
}
NAMED: Final[Example] = {
    "id": "ref_019e000000007000800000000000000d",
    "newcomer_id": _BEN,
    "referrer_id": _ADA,
    "state": "named",
    "reason": "",
    "buys_until": "2026-10-04T09:12:33Z",
}
REFERRAL: Final[Example] = {
    "id": "ref_019e000000007000800000000000000d",
    "newcomer_id": _BEN,
    "referrer_id": _ADA,
    "state": "rewarded",
    "reason": "",
    "wallet": "points",
    "referrer_points": 500,
    "newcomer_points": 300,
    "sale_id": "act_019e0000000070008000000000000003",
    "named_at": "2026-07-06T09:12:33Z",
    "buys_until": "2026-10-04T09:12:33Z",
    "due_at": "2026-07-21T14:00:00Z",
    "settled_at": "2026-07-21T22:00:04Z",
    "retracted_at": None,
    "program_version": 3,
}
