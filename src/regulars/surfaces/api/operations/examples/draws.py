"""Requests and answers about draws."""

from __future__ import annotations

from typing import Any, Final

Example = dict[str, Any]

ANNOUNCED: Final[Example] = {
    "draw": "summer",
    "program_version": 3,
    "prize": "A bicycle",
    "words": "the lottery numbers of 2 September 2026",
    "commitment": "455822389ee3a5cae177bfae0654d936efccacee95363682469b832cb97cc712",
    "announced_at": "2026-05-31T09:12:33Z",
    "secret": None,
    "public": None,
    "closed_at": None,
    "list": None,
    "list_digest": None,
    "tickets": None,
    "drawn_at": None,
    "winners": [],
}
HELD: Final[Example] = {"public": "The lottery of 2 September: 4 8 15 16 23 42"}
CLOSED: Final[Example] = ANNOUNCED | {
    "closed_at": "2026-09-01T08:00:00Z",
    "list": "1;5f0c2b6c1d3e4a59;3\n2;9b1f7d8e6a2c4b30;7",
    "list_digest": "3a670167be5f6b34032ab37f92039983831151f81538b2b06dfa6cc36094b270",
    "tickets": 10,
}
DRAWN: Final[Example] = CLOSED | {
    "secret": "1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f",
    "public": HELD["public"],
    "drawn_at": "2026-09-02T19:30:00Z",
    "winners": [
        {
            "prize": 1,
            "place": 1,
            "alias": "5f0c2b6c1d3e4a59",
            "member_id": "mem_019e0000000070008000000000000001",
            "booked": {
                "state": "given",
                "why": None,
                "wallet": None,
                "points": None,
                "entry_id": None,
                "reward": "bicycle",
                "redemption_id": "red_019e0000000070008000000000000007",
                "booked_at": "2026-09-02T19:30:00Z",
            },
        }
    ],
}
TICKETS: Final[Example] = {
    "member_id": "mem_019e0000000070008000000000000001",
    "draws": [
        {
            "draw": "summer",
            "name": "Summer draw",
            "says": "every €10.00 spent from June 1, 2026 before September 1, 2026: A bicycle",
            "prize": "A bicycle",
            "words": "the lottery numbers of 2 September 2026",
            "from_on": "2026-06-01",
            "until_on": "2026-09-01",
            "commitment": ANNOUNCED["commitment"],
            "drawn_at": None,
            "alias": "5f0c2b6c1d3e4a59",
            "score": 3990,
            "tickets": 3,
            "won": None,
            "booked": None,
            "closed_at": None,
            "list_digest": None,
            "place": None,
        }
    ],
}
