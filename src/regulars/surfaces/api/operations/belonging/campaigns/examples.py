"""Examples of campaigns, as they are sent and answered."""

from __future__ import annotations

from typing import Any, Final

MEMBER: Final = "mem_0198f3a2b4c87d10a1b2c3d4e5f60718"
_KEY: Final = "key_0198f3a2b4c87d10a1b2c3d4e5f60718"
_SAYS: Final = {
    "en": {
        "text": "Hi {{ member.given_name }},\n\nyou have {{ points.stars }} stars: come by soon.",
        "about": "{{ points.stars }} stars for you",
    }
}
_INSTEAD: Final = [
    {"channel": "sms", "says": {"en": {"text": "Hi {{ member.given_name }}, come by soon."}}}
]
SENT: Final[dict[str, Any]] = {
    "name": "Come back",
    "segment": "gone-quiet",
    "channel": "email",
    "says": _SAYS,
    "instead": _INSTEAD,
    "send_at": "2026-03-05T09:00:00Z",
}
CAMPAIGN: Final[dict[str, Any]] = {
    "code": "come-back",
    "name": "Come back",
    "segment": "gone-quiet",
    "channel": "email",
    "state": "checked",
    "version": 1,
    "held_percent": 5,
    "send_at": "2026-03-05T09:00:00Z",
    "local": False,
    "audience": 214,
    "warns": "",
    "made_at": "2026-03-02T12:00:00Z",
    "made_by": _KEY,
    "changed_at": "2026-03-02T12:00:00Z",
    "changed_by": _KEY,
    "approved_at": None,
    "approved_by": None,
    "queued_at": None,
    "ended_at": None,
    "ended_by": None,
    "paused_at": None,
    "paused_why": "",
}
RETURNED: Final[dict[str, Any]] = {
    "sent": 1640,
    "bounces": {"messages": 12, "share": 0.0073, "low": 0.0042, "high": 0.0127},
    "complaints": {"messages": 1, "share": 0.0006, "low": 0.0001, "high": 0.0034},
}
READ: Final[dict[str, Any]] = {
    "campaign": CAMPAIGN,
    "says": _SAYS,
    "instead": _INSTEAD,
    "reach": [
        {"channel": "email", "members": 150},
        {"channel": "sms", "members": 41},
        {"channel": "", "members": 23},
    ],
    "counts": [{"state": "skipped", "reason": "no_consent", "messages": 23, "channel": "email"}],
    "effect": {
        "days": 28,
        "sent": {"members": 1900, "orders": 760, "spend_minor": 1_140_000},
        "held_out": {"members": 100, "orders": 31, "spend_minor": 43_400},
        "orders": {"value": 0.09, "low": 0.01, "high": 0.17},
        "spend_minor": {"value": 166.0, "low": 20.0, "high": 312.0},
    },
    "variants": [
        {"en": {"text": "Hi, we miss you.", "about": "Long time", "preview": "", "mjml": ""}}
    ],
    "ways": {
        "days": 28,
        "items": [
            {
                "way": "a",
                "sent": {"members": 950, "orders": 330, "spend_minor": 512_000},
                "orders": None,
                "orders_always": None,
                "spend_minor": None,
                "orders_held_out": {"value": 0.04, "low": -0.06, "high": 0.14},
                "spend_minor_held_out": {"value": 105.0, "low": -41.0, "high": 251.0},
            },
            {
                "way": "b",
                "sent": {"members": 950, "orders": 430, "spend_minor": 628_000},
                "orders": {"value": 0.11, "low": 0.06, "high": 0.16},
                "orders_always": {"value": 0.11, "low": 0.03, "high": 0.19},
                "spend_minor": {"value": 122.0, "low": 30.0, "high": 214.0},
                "orders_held_out": {"value": 0.14, "low": 0.04, "high": 0.24},
                "spend_minor_held_out": {"value": 227.0, "low": 80.0, "high": 374.0},
            },
        ],
        "best": "b",
        "stop": "sure",
        "worse": ["a"],
    },
    "opened": 0,
    "returned": [RETURNED | {"way": "a"}],
    "offers": [],
    "parts": 0,
    "survey": "",
    "event": "",
}
WORDS: Final[dict[str, Any]] = {
    "language": "en",
    "about": "120 stars for you",
    "text": "Hi Ada,\n\nyou have 120 stars: come by soon.",
    "preview": "Come by soon",
    "html": "",
    "parts": 0,
    "channel": "email",
    "reached": True,
}
LETTERS: Final[dict[str, Any]] = {
    "items": [
        {
            "id": "msg_018f3c5e7a1b7cde8f006d7367000000",
            "language": "en",
            "about": "120 stars for you",
            "text": "Hi Ada,\n\nyou have 120 stars: come by soon.",
            "laid_at": "2026-03-05T09:00:00Z",
            "opened_at": None,
        }
    ],
    "has_more": False,
    "next_cursor": None,
}
