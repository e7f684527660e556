"""A test of a campaign as it is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

State = Literal["waiting", "going", "sent", "unsure", "failed"]
"""`unsure`: whoever sent it was gone before the answer came. It is not tried again: its asker is
there and asks once more."""


class Trial(NamedTuple):
    """Somebody of the staff wants to see how a campaign arrives, as one member would read it."""

    trial_id: UUID
    campaign_id: UUID
    staff_id: UUID
    member_id: UUID | None
    state: State
    reason: str
    asked_at: datetime
