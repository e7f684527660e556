"""Events that never happened, for whoever tries whether they arrive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from regulars.records.outbox.retold.types import RETOLD

_AT: Final = "2026-03-02T12:00:00.000Z"
_ACCOUNT_ID: Final = "mem_018f3c5e7a1b7cde8f006d656d000000"
_PROMOTION_ID: Final = "promotion-018f3c5e7a1b7cde"
_ACCOUNT: Final = {
    "id": _ACCOUNT_ID,
    "program_id": "main",
    "balance": 120,
    "lifetime_points": 120,
    "customer_id": _ACCOUNT_ID,
    "created_at": _AT,
    "updated_at": _AT,
    "mapping": {
        "id": "map_018f3c5e7a1b7cde8f006d656d000000",
        "phone_number": "+14155551234",
        "created_at": _AT,
    },
}
_EVENT: Final = {
    "id": "ent_018f3c5e7a1b7cde8f00656e74000000",
    "type": "ACCUMULATE_POINTS",
    "created_at": _AT,
    "accumulate_points": {"loyalty_program_id": "main", "points": 120},
    "loyalty_account_id": _ACCOUNT_ID,
    "source": "LOYALTY_API",
}
_PROGRAM: Final = {
    "id": "main",
    "status": "ACTIVE",
    "reward_tiers": [],
    "terminology": {"one": "Point", "other": "Points"},
    "location_ids": ["main"],
    "created_at": _AT,
    "updated_at": _AT,
    "accrual_rules": [],
}
_PROMOTION: Final = {
    "id": _PROMOTION_ID,
    "name": "Happy hour",
    "incentive": {
        "type": "POINTS_MULTIPLIER",
        "points_multiplier_data": {"points_multiplier": 2, "multiplier": "2.000"},
    },
    "available_time": {
        "start_date": "2026-03-02",
        "time_periods": [
            "BEGIN:VEVENT\nDTSTART:20260302T160000\nDURATION:PT2H\nRRULE:FREQ=DAILY\nEND:VEVENT"
        ],
    },
    "status": "ACTIVE",
    "created_at": _AT,
    "updated_at": _AT,
    "loyalty_program_id": "main",
}
_OF: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "account": ("loyalty_account", _ACCOUNT),
    "event": ("loyalty_event", _EVENT),
    "program": ("loyalty_program", _PROGRAM),
    "promotion": ("loyalty_promotion", _PROMOTION),
}


def example_of(type_: str) -> dict[str, Any]:
    """What an event of this type could say."""
    assert type_ in RETOLD, type_
    name, thing = _OF[type_.split(".")[1]]
    return {"id": thing["id"], "object": {name: thing}}
