"""One thing of a history, as a replay takes it: an activity, or what was done about points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.records.activity.types import Activity

What = Literal[
    "join", "activity", "return", "hold", "release", "adjust", "open", "tier", "confirm", "cancel",
    "hand", "merge", "part", "extend", "reinstate", "forgive", "show", "erase", "give",
    "ungive", "count", "refund", "plan", "game", "play", "had",
]  # fmt: skip


class Happening(Struct, frozen=True, kw_only=True):
    """What happened to whom, and when we were told.

    Shape: an activity or return carries itself; everything else is a given fact, with the
    wallet by its name and `units` as they were booked.
    """

    what: What
    member_id: UUID
    now: datetime
    """When we were told: rules of the night look at this clock."""
    at: datetime
    """When it happened."""
    activity: Activity | None = None
    attributes: Mapping[str, bool | int | str] = {}
    """What was known of the member then."""
    wallet: str = ""
    units: int = 0
    cause_id: UUID = UUID(int=0)
    """Of a hold, its release and what comes back of it the redemption; of a word the activity that
    waited; of a courtesy or a notice what had brought the points about; of a merge the merge."""
    other_id: UUID | None = None
    """Who got what was handed on, or whom they were merged into."""
    lapses_at: datetime | None = None
    """When the points would have lapsed that live longer, or of which end for want of activity a
    notice told."""
    tier: str = ""
    kind: str = ""
    """Of a tier given by hand: `granted`, `matched` or `invited`; of what was counted elsewhere the
    name of the counter; of points of a prize, and of one had elsewhere, what it was for, such as
    `board weekly`; of taking part the challenge."""
    period: int = 0
    """Of what was counted elsewhere; of a prize had elsewhere the day on which its period began,
    with its place as `units`."""
    earned_at: datetime | None = None
    """Of points given beside earning the instant since when the version ruled that they live by."""
    ends: datetime | None = None
    turn: bytes = b""
    """Of a paid membership what happened to it, packed."""
    activates_at: datetime | None = None
    cancels_at: datetime | None = None
    activity_id: UUID | None = None
    """Of points brought over that wait for a word the activity it is said of."""
    own_day: int = 0
    """Of an activity the day where its member lives, as it was kept; 0 where nobody kept it."""


class LeftOut(Struct, frozen=True):
    """A line or row that takes no part in a replay, and why."""

    where: str
    why: str
