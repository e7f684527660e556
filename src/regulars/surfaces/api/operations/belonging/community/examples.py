"""Examples of clubs and gatherings, as they are sent and answered."""

from __future__ import annotations

from typing import Any, Final

_KEY: Final = "key_0198f3a2b4c87d10a1b2c3d4e5f60718"
_MEMBER: Final = "mem_0198f3a2b4c87d10a1b2c3d4e5f60719"
_SEAT: Final = "sea_0198f3a2b4c87d10a1b2c3d4e5f60721"
_MADE: Final = {
    "version": 1,
    "made_at": "2026-03-02T12:00:00Z",
    "made_by": _KEY,
    "changed_at": "2026-03-02T12:00:00Z",
    "changed_by": _KEY,
}
CLUB_SENT: Final[dict[str, Any]] = {
    "name": "Runners of the old town",
    "says": {"en": "We run on Tuesdays at seven, and have a coffee after it."},
    "joins": "open",
}
CLUB: Final[dict[str, Any]] = {
    "code": "runners",
    **CLUB_SENT,
    "tiers": [],
    "store": "",
    "state": "open",
    "members": 12,
    "shown": 5,
    **_MADE,
}
IN_CLUB: Final[dict[str, Any]] = {
    "club": "runners",
    "member_id": _MEMBER,
    "inside": True,
    "since": "2026-03-03T08:00:00Z",
    "shows": False,
    "told_of": True,
    "invited": False,
}
PLACE: Final[dict[str, Any]] = {
    "club": "runners",
    "member_id": _MEMBER,
    "since": "2026-03-03T08:00:00Z",
    "until": None,
    "shows": False,
    "told_of": True,
    "rests": False,
}
GATHERING_SENT: Final[dict[str, Any]] = {
    "name": "Tasting of the new harvest",
    "says": {"en": "Eight coffees, one evening."},
    "begins_at": "2027-04-10T17:00:00Z",
    "ends_at": "2027-04-10T19:00:00Z",
    "capacity": 12,
    "sort": "event",
    "reward": "tasting-seat",
    "back_until": "2027-04-08T17:00:00Z",
    "lesson": "",
}
GATHERING: Final[dict[str, Any]] = {
    "code": "tasting",
    **GATHERING_SENT,
    "club": "",
    "store": "",
    "at_place": "",
    "opens_at": "2026-03-02T12:00:00Z",
    "early_at": None,
    "early_tiers": [],
    "recap": {},
    "state": "open",
    "held": 12,
    "waiting": 3,
    "came": 0,
    **_MADE,
}
SEAT: Final[dict[str, Any]] = {
    "id": _SEAT,
    "gathering": "tasting",
    "member_id": _MEMBER,
    "state": "held",
    "asked_at": "2026-03-03T08:00:00Z",
    "ahead": 0,
    "came_at": None,
    "redemption_id": "red_0198f3a2b4c87d10a1b2c3d4e5f60722",
    "points": "reserved",
}
LESSON_SENT: Final[dict[str, Any]] = {
    "name": "How to brew a filter coffee",
    "says": {"en": "Sixty grams for a litre, water just off the boil, four minutes."},
    "questions": [
        {
            "asks": {"en": "How much coffee for a litre?"},
            "choices": [{"en": "60 g"}, {"en": "20 g"}],
            "right": 0,
        }
    ],
    "needed": 1,
}
LESSON: Final[dict[str, Any]] = {
    "code": "filter-coffee",
    **LESSON_SENT,
    "club": "",
    "state": "open",
    "tried": 9,
    "passed": 7,
    **_MADE,
    "held": False,
}
QUIZ: Final[dict[str, Any]] = {
    "lesson": "filter-coffee",
    "member_id": _MEMBER,
    "right": 1,
    "of": 1,
    "needed": 1,
    "passed_at": "2026-03-03T08:00:00Z",
}
_POST: Final = "pst_0198f3a2b4c87d10a1b2c3d4e5f60722"
POST_SENT: Final[dict[str, Any]] = {
    "member": {"card": "4711"},
    "kind": "review",
    "about": "House blend",
    "rating": 4,
    "title": "Round and warm",
    "text": "I drink it every morning. A little less roast would suit me even better.",
}
POST_DONE: Final[dict[str, Any]] = {"id": _POST, "member_id": _MEMBER, "state": "waiting"}
POST: Final[dict[str, Any]] = {
    "id": _POST,
    "member_id": _MEMBER,
    **{name: value for name, value in POST_SENT.items() if name != "member"},
    "site": "",
    "state": "published",
    "reason": "",
    "written_at": "2026-03-03T08:00:00Z",
    "decided_at": "2026-03-03T10:00:00Z",
    "decided_by": _KEY,
    "published_at": "2026-03-03T10:00:00Z",
    "rewarded": True,
    "reports": 0,
}
