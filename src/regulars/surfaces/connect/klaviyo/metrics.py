"""Which of our events Klaviyo hears, under which name, and which only change a profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from regulars.records.outbox.events.catalogue import EVENTS, outward
from regulars.records.outbox.hooks.types import Event
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.klaviyo.asking import written

FROM: Final = "regulars"
OLD_AFTER: Final = timedelta(days=7)
"""What is told so late begins no flow there: a letter about it would surprise."""
CONSENT: Final = "consent.changed"
ERASED: Final = "member.erased"
METRICS: Final[Mapping[str, str]] = {
    "member.joined": "Joined Loyalty Program",
    "points.earned": "Points Earned",
    "points.activated": "Points Available",
    "points.returned": "Points Returned",
    "points.adjusted": "Points Adjusted",
    "points.refunded": "Points Refunded",
    "points.transferred": "Points Transferred",
    "points.lapse_soon": "Points Expiring Soon",
    "points.expired": "Points Expired",
    "reward.held": "Reward Reserved",
    "reward.captured": "Reward Redeemed",
    "reward.voided": "Reward Cancelled",
    "reward.lapsed": "Reward Cancelled",
    "tier.changed": "Tier Changed",
    "tier.lost_soon": "Tier At Risk",
    "tier.invited": "Tier Invitation",
    "referral.rewarded": "Referral Rewarded",
    "milestone.reached": "Milestone Reached",
    "prize.given": "Prize Won",
    "draw.won": "Draw Won",
    "membership.started": "Membership Started",
    "membership.failed": "Membership Payment Failed",
    "membership.ended": "Membership Ended",
    "member.slipping": "Member Slipping",
    "segment.entered": "Entered Loyalty Segment",
    "segment.left": "Left Loyalty Segment",
    "journey.reached": "Journey Step Reached",
    "seat.held": "Seat Reserved",
    "seat.used": "Came To Event",
}
"""By type, as people know them who have used another loyalty program with Klaviyo."""
CHANGES: Final = frozenset(
    {
        "member.changed",
        "member.linked",
        "member.merged",
        "member.unmerged",
        "points.restated",
        "points.cancelled",
        "points.pooled",
        "points.written_off",
        "points.extended",
        "points.reinstated",
    }
)
"""What only changes a profile."""
TYPES: Final = tuple(sorted({*METRICS, *CHANGES, CONSENT, ERASED}))


def event_of(event: Event, profile: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """An event as Klaviyo keeps it: its own id makes that a repeat is not a second one.

    Keeps: what somebody typed about a member stays here. What is told more than a week late is
    history there and begins no flow.
    """
    said = msgspec.json.decode(event.payload)
    told: dict[str, Any] = {
        "properties": _properties(event, said),
        "time": written(event.recorded_at),
        "unique_id": shown("evt", event.event_id),
        "backfill": now - event.recorded_at > OLD_AFTER,
        "metric": {
            "data": {
                "type": "metric",
                "attributes": {"name": METRICS[event.type], "service": FROM},
            }
        },
        "profile": {"data": {"type": "profile", "attributes": dict(profile)}},
    }
    points = POINTS_OF.get(event.type, _none)(said)
    if points is not None:
        told["value"] = points
        told["properties"]["points"] = points
    return {"type": "event", "attributes": told}


def _properties(event: Event, said: Mapping[str, Any]) -> dict[str, Any]:
    fields = EVENTS[event.type].fields
    typed = {name for name, field in fields.items() if field.free}
    told = {name: value for name, value in outward(event.type, said).items() if name not in typed}
    return told | {"member_id": shown("mem", event.member_id), "sequence": event.sequence}


def _none(_: Mapping[str, Any]) -> int | None:
    return None


def _by_wallet(name: str, sign: int = 1) -> Callable[[Mapping[str, Any]], int | None]:
    """The points of the wallet that has most of them, where it tells of several."""

    def points(said: Mapping[str, Any]) -> int | None:
        found = said.get(name)
        units = list(found.values()) if isinstance(found, dict) else []
        return sign * max(units, key=abs) if units else None

    return points


def _units(name: str, sign: int = 1) -> Callable[[Mapping[str, Any]], int | None]:
    def points(said: Mapping[str, Any]) -> int | None:
        found = said.get(name)
        return sign * found if isinstance(found, int) else None

    return points


POINTS_OF: Final[Mapping[str, Callable[[Mapping[str, Any]], int | None]]] = {
    "points.earned": _by_wallet("earned"),
    "points.activated": _units("points"),
    "points.returned": _by_wallet("taken_back", -1),
    "points.adjusted": _units("units"),
    "points.refunded": _units("points"),
    "points.transferred": _units("units"),
    "points.lapse_soon": _units("points"),
    "points.expired": _units("points", -1),
    "reward.held": _by_wallet("price"),
}
