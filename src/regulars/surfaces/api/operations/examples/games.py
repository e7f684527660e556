"""Requests and answers about challenges and streaks."""

from __future__ import annotations

from typing import Any, Final

_ADA: Final = "mem_019e0000000070008000000000000001"

Example = dict[str, Any]

PART_WISH: Final[Example] = {"member": {"phone": "030 901820"}, "challenge": "sprint"}
PART: Final[Example] = {
    "id": "prt_019e0000000070008000000000000011",
    "member_id": _ADA,
    "challenge": "sprint",
    "since": "2026-07-06T09:12:33Z",
}
TEAM_WISH: Final[Example] = {
    "member": {"phone": "030 901820"},
    "challenge": "hundred",
    "name": "The early birds",
}
TEAM_JOINED: Final[Example] = {"member": {"phone": "030 901821"}, "code": "0X93-W67F-MQ1B-E53F"}
TEAM_LEFT: Final[Example] = {"member": {"phone": "030 901821"}, "challenge": "hundred"}
TEAM: Final[Example] = {
    "id": "tea_019e0000000070008000000000000013",
    "member_id": _ADA,
    "challenge": "hundred",
    "name": "The early birds",
    "code": "0X93-W67F-MQ1B-E53F",
    "members": 1,
    "left": False,
}
GAMES: Final[Example] = {
    "member_id": _ADA,
    "as_of": "2026-07-06T09:12:33Z",
    "challenges": [
        {
            "id": "ten-coffees",
            "name": "Ten coffees in a month",
            "says": "10 × coffee within a month: 50 Points",
            "measure": "items",
            "reached": 7,
            "target": 10,
            "times": 0,
            "takes_part": True,
            "period_begins": "2026-06-30T22:00:00Z",
            "period_ends": "2026-07-31T22:00:00Z",
            "program_version": 3,
            "team": None,
        }
    ],
    "streaks": [
        {
            "id": "every-week",
            "name": "Every week",
            "says": "4 weeks in a row: 20 Points, the badge “Regular”",
            "every": "week",
            "length": 5,
            "best": 5,
            "freezes_left": 1,
            "safe": True,
            "next_length": 12,
            "program_version": 3,
        }
    ],
    "badges": ["Regular"],
    "prizes": [
        {
            "id": "prz_019e0000000070008000000000000012",
            "game": "streak",
            "name": "every-week",
            "badge": "Regular",
            "wallet": "points",
            "points": 20,
            "grant_id": None,
            "entry_id": "ent_019e0000000070008000000000000005",
            "activity_id": "act_019e0000000070008000000000000003",
            "reached_at": "2026-06-29T08:10:00Z",
            "given_at": "2026-06-29T08:10:04Z",
            "program_version": 3,
            "place": 4,
            "store": None,
            "reward": None,
            "redemption_id": None,
        },
        {
            "id": "prz_019e0000000070008000000000000014",
            "game": "board",
            "name": "coffees",
            "badge": None,
            "wallet": None,
            "points": 0,
            "grant_id": None,
            "entry_id": None,
            "activity_id": None,
            "reached_at": "2026-06-28T22:00:04Z",
            "given_at": "2026-06-28T22:00:05Z",
            "program_version": 3,
            "place": 1,
            "store": "station",
            "reward": "mug",
            "redemption_id": "red_019e0000000070008000000000000015",
        },
    ],
}
MILESTONES: Final[Example] = {
    "member_id": _ADA,
    "as_of": "2026-07-06T09:12:33Z",
    "milestones": [
        {
            "id": "tenth-visit",
            "name": "Every tenth visit",
            "says": "every 10 × visit: 50 Points",
            "measure": "deeds",
            "per": "ever",
            "wallet": "points",
            "reached": 23,
            "given": 100,
            "next_at": 30,
            "next_points": 50,
        }
    ],
}
BOARD: Final[Example] = {
    "id": "coffees",
    "name": "Most coffees of the week",
    "says": "the most: coffee, each week",
    "measure": "items",
    "per": "week",
    "store": "station",
    "begins_on": "2026-07-06",
    "ties": "shared",
    "places": [
        {"rank": 1, "name": "Bean counter", "score": 12},
        {"rank": 2, "name": "A. L.", "score": 9},
        {"rank": 2, "name": "G. H.", "score": 9},
        {"rank": 4, "name": "M. C.", "score": 4},
    ],
    "closed_at": None,
    "paid": 0,
}
BOARDS: Final[Example] = {
    "member_id": _ADA,
    "boards": [BOARD | {"places": [{"rank": 2, "name": "A. L.", "score": 9}]}],
}
