"""Examples of settlements and of what partners answer."""

from __future__ import annotations

from typing import Any, Final

Example = dict[str, Any]

PEN: Final = "pen_018f3c5e7a1b7cde8f0070656e000000"
_AT: Final = "2026-03-02T12:00:00Z"


def _eur(minor: int) -> Example:
    return {"minor": minor, "currency": "EUR"}


ANSWERS: Final[Example] = {
    "accepted": 11,
    "accepted_amount": _eur(-1_980),
    "disputed": 1,
    "disputed_amount": _eur(-208),
    "undecided": 1,
    "granted": 0,
    "unanswered": 0,
    "unanswered_amount": _eur(0),
}
SETTLEMENT: Final[Example] = {
    "id": "stl_018f3c5e7a1b7cde8f0073746c000000",
    "partner": "cars",
    "number": 2,
    "from_at": "2026-01-31T23:00:00Z",
    "until_at": "2026-02-28T23:00:00Z",
    "lines": 13,
    "opening": _eur(-1_000),
    "payments": _eur(1_000),
    "accruals": _eur(-2_188),
    "redemptions": _eur(0),
    "returns": _eur(0),
    "corrections": _eur(0),
    "closing": _eur(-2_188),
    "made_at": _AT,
    "actor": "key_mia",
    "ended": [],
}
_ENDED: Final[Example] = {
    "id": "con_019e0000000070008000000000000040",
    "ends_at": "2026-02-14T23:00:00Z",
    "reason": "bought by another",
}
SETTLED: Final[Example] = SETTLEMENT | {"answers": ANSWERS, "ended": [_ENDED]}
LINE: Final[Example] = {
    "id": PEN,
    "line": 27,
    "kind": "accrual",
    "reference": "r-1",
    "also_known_as": "",
    "takes_back": "",
    "occurred_at": _AT,
    "booked_at": _AT,
    "wallet": "points",
    "units": 250,
    "moved": 250,
    "price": _eur(833),
    "per_units": 1_000,
    "amount": _eur(-208),
    "balance": _eur(-208),
    "answer": "disputed",
    "reason": "not our customer",
    "decided": "",
}
ANSWER: Final[Example] = {
    "lines": [{"entry": PEN, "answer": "disputed", "reason": "not our customer"}]
}
ANSWERED: Final[Example] = {
    "results": [
        {
            "entry": PEN,
            "answer": "disputed",
            "dispute": "dis_018f3c5e7a1b7cde8f00646973000000",
            "code": "",
            "field": "",
            "reason": "",
        }
    ],
    "answers": ANSWERS,
}
PLAN_SENT: Final[Example] = {
    "every": "month",
    "place": "sftp",
    "address": "sftp://files.example.org/settlements",
    "account": "regulars",
    "secret": "…",
}
PLAN: Final[Example] = {
    "partner": "cars",
    "every": "month",
    "place": "sftp",
    "address": "sftp://files.example.org/settlements",
    "format": "csv",
    "account": "regulars",
    "endpoint": "",
    "region": "",
    "host_key": "SHA256:uNiVztksCsDhcc0u9e8BrrMLYzRmbZyRo1TzSbK7P3k",
    "paused": False,
    "put": 2,
    "put_at": "2026-03-01T00:00:04Z",
    "waiting": 0,
    "next_at": "2026-03-31T22:00:00Z",
    "problem": "",
}
