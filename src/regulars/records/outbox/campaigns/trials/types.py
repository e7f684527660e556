"""A test of a campaign as it is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID, uuid5

State = Literal["waiting", "going", "sent", "unsure", "failed"]
"""`unsure`: whoever sent it was gone before the answer came. It is not tried again: its asker is
there and asks once more."""


class Trial(NamedTuple):
    """Somebody of the staff wants to see how a campaign arrives, as one member would read it."""

    trial_id: UUID
    campaign_id: UUID
    """Of a step of a journey what `of_step` says."""
    staff_id: UUID
    member_id: UUID | None
    state: State
    reason: str
    asked_at: datetime


def of_step(journey_id: UUID, step: str) -> UUID:
    """By what a test of a step of a journey is found, which is no campaign before it is published:
    always the same."""
    return uuid5(journey_id, step)
