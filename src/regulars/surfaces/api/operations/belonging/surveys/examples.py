"""Examples of surveys, as they are sent and answered."""

from __future__ import annotations

from typing import Any, Final

_KEY: Final = "key_0198f3a2b4c87d10a1b2c3d4e5f60718"
_MEMBER: Final = "mem_0198f3a2b4c87d10a1b2c3d4e5f60719"
_INVITATION: Final = "inv_0198f3a2b4c87d10a1b2c3d4e5f60720"
SENT: Final[dict[str, Any]] = {
    "name": "Would you recommend us?",
    "kind": "nps",
    "asks": {"en": "How likely are you to recommend us to a friend?"},
    "thanks": {"en": "Thank you: we read every word."},
    "questions": [
        {"id": "wrong", "asks": {"en": "What went wrong?"}, "from_score": 0, "to_score": 6},
        {"id": "good", "asks": {"en": "What do you like best?"}, "from_score": 9, "to_score": 10},
    ],
    "review_url": "https://reviews.example.com/corner",
    "review_site": "Reviews Example",
}
SURVEY: Final[dict[str, Any]] = {
    "code": "recommend",
    **SENT,
    "state": "open",
    "version": 1,
    "made_at": "2026-03-02T12:00:00Z",
    "made_by": _KEY,
    "changed_at": "2026-03-02T12:00:00Z",
    "changed_by": _KEY,
}
_SCORE: Final = {"value": 25.0, "low": -37.6, "high": 75.6, "answers": 4}
READ: Final[dict[str, Any]] = {
    "survey": SURVEY,
    "invited": 9,
    "answered": 4,
    "score": _SCORE,
    "scores": {"0": 1, "8": 1, "9": 1, "10": 1},
    "months": {},
    "tiers": {},
    "stores": {},
}
INVITATION: Final[dict[str, Any]] = {
    "invitation_id": _INVITATION,
    "member_id": _MEMBER,
    "link": "/card/survey?link=0198f3a2b4c87d10a1b2c3d4e5f60720abcdefghijklmnopqrstuvwxyz234567",
    "store": "",
    "made_at": "2026-03-02T12:00:00Z",
    "expires_at": "2026-04-01T12:00:00Z",
}
ANSWER: Final[dict[str, Any]] = {
    "invitation_id": _INVITATION,
    "member_id": _MEMBER,
    "answered_at": "2026-03-03T08:00:00Z",
    "score": 3,
    "says": {"wrong": "I waited for half an hour."},
    "language": "en",
    "tier": "",
    "store": "",
    "due_at": "2026-03-05T08:00:00Z",
    "owner": _KEY,
    "done_at": "2026-03-04T10:00:00Z",
    "done_by": _KEY,
    "outcome": "solved",
    "note": "Called, said sorry, invited for a coffee",
}
