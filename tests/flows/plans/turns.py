"""A turn of a paid membership as it stands in the books, whatever led there."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tests.makers import Shop

_TERM = """
with turn as (
    insert into membership_turn
    select (jsonb_populate_record(null::membership_turn, $2::text::jsonb)).*
    returning *
)
insert into membership_clock (program_id, member_id, membership_id, look_at, plan, known_minor)
select program_id, member_id, membership_id, until_at, plan, 0 from turn where program_id = $1
    on conflict (program_id, member_id, membership_id) do update set look_at = excluded.look_at
returning 1
"""


def has_turn(shop: Shop, who: UUID, until: datetime, **more: Any) -> str:
    """Something happened to a paid membership; which turn that is."""
    now = shop.now.isoformat()
    told: dict[str, Any] = {
        "program_id": shop.program_id, "member_id": str(who), "membership_id": str(uuid4()),
        "step": 1, "turn_id": str(uuid4()), "what": "started", "at": now, "recorded_at": now,
        "version": 1, "plan": "plus", "state": "active", "anchor_at": now, "from_at": now,
        "since_at": now, "until_at": until.isoformat(), "in_trial": False,
    }  # fmt: skip
    told |= dict.fromkeys(
        ("source", "external_id", "actor", "reason", "next_plan", "wallet", "payment"), ""
    )
    told |= dict.fromkeys(
        ("amount_minor", "terms", "fee_minor", "gross_minor", "paid_minor", "returned_minor",
         "off_minor", "units", "units_back"), 0,
    )  # fmt: skip
    shop.rows(_TERM, json.dumps(told | more))
    return str((told | more)["turn_id"])
