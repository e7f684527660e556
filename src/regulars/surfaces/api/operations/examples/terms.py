"""Examples of plans, drafts and words about versions."""

from __future__ import annotations

from typing import Any, Final

from regulars.surfaces.api.operations.examples.every_day import SOURCE

Example = dict[str, Any]
_AT: Final = "2026-11-02T09:00:00Z"
_KEY: Final = "key_0198c0de000070008000000000000001"
_MEMBER: Final = "mem_0198c0de000070008000000000000002"

PLAN: Final[Example] = {
    "ok": True,
    "problems": [],
    "replaces": 1,
    "effective_from": "2027-01-01T00:00:00Z",
    "changes": [
        {
            "kind": "tier_at",
            "path": "tiers.steps.gold.at",
            "what": "gold",
            "before": "300.00",
            "after": "500.00",
            "turn": "worse",
            "whom": "holders of gold, and who aims",
            "says": "The tier gold takes 500.00, before 300.00 "
            "(worse for holders of gold, and who aims)",
        }
    ],
    "groups": [
        {
            "what": "kept",
            "tier": "gold",
            "becomes": "gold",
            "by_itself": "silver",
            "members": 12,
            "ladder": "",
        }
    ],
    "foretold": True,
    "out_of_reach": {},
    "liability_before_minor": None,
    "liability_after_minor": None,
    "kept_worth": [],
    "rated_anew": {
        "from_on": "2027-03-01",
        "members": 41,
        "activities": 97,
        "more": {"award": 48250},
        "less": {},
        "all_counted": True,
    },
}
PEOPLE: Final[Example] = {"source": SOURCE, "what": ["loses"], "limit": 50}
PEOPLE_PAGE: Final[Example] = {
    "items": [
        {
            "member_id": _MEMBER,
            "given_name": "Ada",
            "number": "123456789012",
            "what": "loses",
            "tier": "gold",
            "becomes": "silver",
        }
    ],
    "has_more": False,
    "next_cursor": None,
}
DRAFT: Final[Example] = {
    "name": "spring-2027",
    "revision": 1,
    "based_on": 1,
    "author": _KEY,
    "created_at": _AT,
    "changed_by": _KEY,
    "changed_at": _AT,
}
WITHDRAWN: Final[Example] = {
    "version": 2,
    "restored_as": 3,
    "withdrawn_by": _KEY,
    "reason": "the thresholds were a slip",
    "withdrawn_at": _AT,
}
WORD: Final[Example] = {
    "id": "wrd_0198c0de000070008000000000000003",
    "member_id": _MEMBER,
    "version": 2,
    "word": "accepted",
    "channel": "app",
    "said_at": _AT,
    "actor": _KEY,
    "recorded_at": _AT,
}
