"""One code, what became of it, and the run it came with."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from regulars.records.rewards.types import Promised

CodeState = Literal["free", "issued", "used", "withdrawn"]
Standing = Literal["issued", "used", "expired", "withdrawn"]
"""How a code stands for whoever shows it."""


class Made(Struct, frozen=True):
    """A code that is handed over for a redemption."""

    code_id: UUID
    member_id: UUID
    reward: str
    redemption_id: UUID
    issued_at: datetime
    ends_at: datetime | None
    code: str = ""
    """Of one that we made now; one of a pool is there already."""


class RewardCode(Struct, frozen=True):
    """A code as it is kept."""

    code_id: UUID
    member_id: UUID | None
    reward: str
    code: str
    printed: str
    run_id: UUID | None
    redemption_id: UUID | None
    state: CodeState
    issued_at: datetime | None
    ends_at: datetime | None
    closed_at: datetime | None
    store: str
    channel: str
    promised: Promised | None = None
    """The reward as it was promised when the code was issued; nothing while it is free."""

    def stands(self, now: datetime) -> Standing:
        """How it stands at this instant; its end is exclusive."""
        if self.state == "used":
            return "used"
        if self.state == "issued":
            return "expired" if self.ends_at is not None and now >= self.ends_at else "issued"
        return "withdrawn"


class Came(Struct, frozen=True):
    """A code that stood like this in another installation; of one that is over nobody is named."""

    code_id: UUID
    member_id: UUID | None
    code: str
    printed: str
    state: CodeState
    issued_at: datetime | None
    ends_at: datetime | None
    closed_at: datetime | None


class Closed(Struct, frozen=True):
    """A code was used or withdrawn."""

    code_id: UUID
    state: Literal["used", "withdrawn"]
    closed_at: datetime
    store: str = ""
    channel: str = ""
    actor: str = ""
    reason: str = ""


class Run(Struct, frozen=True):
    """Codes that came at once."""

    run_id: UUID
    kind: Literal["uploaded", "issued"]
    reward: str
    version: int
    promised: Promised
    times: int
    actor: str
    reason: str
    made_at: datetime
