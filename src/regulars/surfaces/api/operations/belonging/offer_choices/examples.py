"""Examples of choices among offers, as they are sent and answered."""

from __future__ import annotations

from typing import Any, Final

_KEY: Final = "key_0198f3a2b4c87d10a1b2c3d4e5f60718"
SENT: Final[dict[str, Any]] = {
    "name": "Bring them back",
    "segment": "gone-quiet",
    "offers": ["fifty-points", "free-coffee"],
    "explore_percent": 20,
}
CHOICE: Final[dict[str, Any]] = {
    "code": "bring-back",
    "name": "Bring them back",
    "segment": "gone-quiet",
    "offers": ["fifty-points", "free-coffee"],
    "nothing": True,
    "explore_percent": 20,
    "days": 28,
    "state": "open",
    "version": 1,
    "made_at": "2026-03-02T12:00:00Z",
    "made_by": _KEY,
    "opened_at": "2026-03-02T12:05:00Z",
    "opened_by": _KEY,
    "closed_at": None,
    "closed_by": None,
}


def _between(value: float, low: float, high: float) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "lacks": ""}


def _beside(way: str, offer: str, brings: float, more: float) -> dict[str, Any]:
    return {
        "way": way,
        "offer": offer,
        "brings": _between(brings, brings - 90, brings + 90),
        "ips": _between(more - 4, more - 170, more + 162),
        "snips": _between(more + 2, more - 120, more + 124),
        "dr": _between(more, more - 100, more + 100),
    }


READ: Final[dict[str, Any]] = {
    "choice": CHOICE,
    "counts": [
        {"offer": "", "members": 410},
        {"offer": "fifty-points", "members": 1220},
        {"offer": "free-coffee", "members": 870},
    ],
    "expected_on": "2026-05-04",
    "expected": [
        {
            "cell": 210,
            "spend_minor": [900, 1300, 1150],
            "members": [60, 240, 90],
            "best": "fifty-points",
        }
    ],
    "effect": {
        "over": 2500,
        "compared": 1800,
        "brings": _between(1400.0, 1310.0, 1490.0),
        "beside": [
            _beside("nobody", "", 1090.0, 310.0),
            _beside("always", "fifty-points", 1290.0, 110.0),
            _beside("always", "free-coffee", 1180.0, 220.0),
            _beside("chance", "", 1190.0, 210.0),
        ],
    },
}
