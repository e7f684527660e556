"""Examples of experiments, as the reference shows them."""

from __future__ import annotations

from typing import Any, Final

_ARMS: Final = [{"name": "as-ever", "parts": 1}, {"name": "twice", "parts": 1}]
PLAN: Final[dict[str, Any]] = {
    "title": "Twice the points on Tuesdays",
    "arms": _ARMS,
    "kind": "split",
    "outcome": "orders",
    "wanted": 4000,
}
PLANNED: Final[dict[str, Any]] = {
    "code": "double-tuesday",
    "title": "Twice the points on Tuesdays",
    "kind": "split",
    "outcome": "orders",
    "state": "draft",
    "attribute": "experiment-double-tuesday",
    "arms": [arm | {"members": 0} for arm in _ARMS],
    "wanted": 4000,
    "made_at": "2026-03-02T12:00:00Z",
    "begun_at": None,
    "ends_at": None,
    "ended_at": None,
    "why": "",
}
RUNNING: Final = PLANNED | {
    "state": "running",
    "begun_at": "2026-03-03T08:00:00Z",
    "arms": [{**arm, "members": members} for arm, members in zip(_ARMS, (412, 398), strict=True)],
}
ENDED: Final = RUNNING | {
    "state": "ended",
    "ended_at": "2026-05-01T08:00:00Z",
    "why": "Twice the points it is",
}
_MANY: Final = {"p": 0.62, "alarm": False}
_EFFECT: Final = {
    "value": 0.31, "low": 0.12, "high": 0.5, "p": 0.0014, "test": 398, "held_out": 412,
    "spared": 0.22,
}  # fmt: skip
LOOK: Final[dict[str, Any]] = {
    "at": "2026-04-02T03:00:00Z",
    "found": {
        "arms": [
            {"name": "as-ever", "members": 412, "came": 260, "orders": 903, "spend": 702_310,
             "cost": 7_020, "cost_rewards": 3_100, "cost_messages": 0,
             "cost_benefits": 0},
            {"name": "twice", "members": 398, "came": 281, "orders": 995, "spend": 771_840,
             "cost": 10_940, "cost_rewards": 4_020, "cost_messages": 0,
             "cost_benefits": 0},
        ],
        "mismatch": _MANY,
        "effects": [
            {"arm": "twice", "outcome": "orders", "once": _EFFECT,
             "always": _EFFECT | {"low": 0.01, "high": 0.61, "p": 0.03}},
            {"arm": "twice", "outcome": "cost", "once": _EFFECT | {"value": 10.4}, "per_order": 34,
             "price": {"once": {"value": 34, "low": 26, "high": 88},
                       "always": {"value": 34, "low": 21, "high": 960}}},
        ],
        "stop": "sure",
        "points": [{"wallet": "points", "comes_back": 0.62}],
    },
}  # fmt: skip
IN_ARM: Final = {
    "experiment": "double-tuesday",
    "arm": "twice",
    "since": "2026-03-03T08:00:04Z",
    "over": False,
}
