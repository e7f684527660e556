"""Examples of journeys, as they are sent and answered."""

from __future__ import annotations

from typing import Any, Final

_KEY: Final = "key_0198f3a2b4c87d10a1b2c3d4e5f60718"
_SAYS: Final = {
    "en": {
        "text": "Hi {{ member.given_name }},\n\nwelcome to {{ shop.name }}.",
        "about": "Welcome",
    }
}
PLAN: Final[dict[str, Any]] = {
    "begins": {"on": "joined"},
    "steps": [
        {"does": "message", "id": "hello", "channel": "email", "says": _SAYS},
        {"does": "wait", "id": "a-week", "days": 7, "until": "09:30"},
        {"does": "message", "id": "come-by", "channel": "email", "says": _SAYS},
    ],
    "ends_on": [{"on": "activity", "kind": "purchase"}],
}
FULL_PLAN: Final[dict[str, Any]] = {
    "begins": {"on": "joined"},
    "steps": [
        {"does": "message", "id": "hello", "channel": "email", "says": _SAYS, "survey": ""},
        {"does": "wait", "id": "a-week", "days": 7, "hours": 0, "minutes": 0, "until": "09:30"},
        {"does": "message", "id": "come-by", "channel": "email", "says": _SAYS, "survey": ""},
    ],
    "only_in": "",
    "again_days": None,
    "ends_on": [{"on": "activity", "kind": "purchase"}],
    "held_percent": 5,
}
SENT: Final[dict[str, Any]] = {"name": "Welcome", "plan": PLAN}
JOURNEY: Final[dict[str, Any]] = {
    "code": "welcome",
    "name": "Welcome",
    "state": "running",
    "version": 1,
    "published": 1,
    "under_way": 12,
    "begun": 214,
    "made_at": "2026-03-02T12:00:00Z",
    "made_by": _KEY,
    "changed_at": "2026-03-02T12:00:00Z",
    "changed_by": _KEY,
    "begins_at": "2026-03-02T12:05:00Z",
    "published_by": _KEY,
    "ended_at": None,
    "ended_by": None,
}
READ: Final[dict[str, Any]] = {
    "journey": JOURNEY,
    "plan": FULL_PLAN,
    "steps": [
        {"version": 1, "step": "a-week", "outcome": "there", "reason": "", "members": 12},
        {"version": 1, "step": "hello", "outcome": "sent", "reason": "", "members": 190},
        {
            "version": 1,
            "step": "hello",
            "outcome": "skipped",
            "reason": "no_consent",
            "members": 24,
        },
    ],
    "ends": [{"why": "exit", "members": 160}],
    "effects": [
        {
            "step": "hello",
            "days": 28,
            "told": {"members": 1900, "orders": 760, "spend_minor": 1_140_000},
            "held_out": {"members": 100, "orders": 31, "spend_minor": 43_400},
            "orders": {"value": 0.09, "low": 0.01, "high": 0.17},
            "spend_minor": {"value": 166.0, "low": 20.0, "high": 312.0},
        }
    ],
    "returned": [
        {
            "step": "hello",
            "sent": 1640,
            "bounces": {"messages": 12, "share": 0.0073, "low": 0.0042, "high": 0.0127},
            "complaints": {"messages": 1, "share": 0.0006, "low": 0.0001, "high": 0.0034},
            "paused_why": "",
        }
    ],
    "ways": [
        {
            "step": "hello",
            "way": "b",
            "members": 104,
            "sent": 93,
            "version": 2,
            "days": 28,
            "orders": {"value": 0.04, "low": -0.02, "high": 0.1},
            "spend_minor": {"value": 71.0, "low": -40.0, "high": 182.0},
        }
    ],
}
MEMBER: Final = "mem_0198f3a2b4c87d10a1b2c3d4e5f60718"
PREVIEW: Final[dict[str, Any]] = {
    "items": [
        {
            "step": "hello",
            "language": "en",
            "about": "Welcome",
            "text": "Hi Ada,\n\nwelcome to the corner.",
            "way": "a",
            "preview": "",
            "html": "",
            "parts": 0,
        }
    ]
}
OF_MEMBER: Final[dict[str, Any]] = {
    "items": [
        {
            "journey": "welcome",
            "name": "Welcome",
            "version": 1,
            "begun_at": "2026-03-03T10:00:00Z",
            "step": "a-week",
            "due_at": "2026-03-11T08:30:00Z",
            "ended_at": None,
            "why": "",
        }
    ]
}
