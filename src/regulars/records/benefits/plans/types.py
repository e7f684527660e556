"""A membership somebody pays for: where it stands, and one thing that happened to it."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

PlanState = Literal["trial", "active", "past_due", "paused", "cancelled", "ended"]
"""`cancelled` still runs until its term ends; `past_due` waits for a payment."""
What = Literal[
    "started", "paid", "failed", "refunded", "cancelled", "paused", "resumed", "changed", "told",
    "past_due", "ended", "restored",
]  # fmt: skip
"""What can happen to a membership; `restored`: a refund did not arrive after all; `told` is of a
higher fee to come, or that it does not."""
BY_CLOCK: Final = ("past_due", "ended")
"""What time alone brings about; whatever is told of a time before that is judged without it."""


class Membership(Struct, frozen=True):
    """Where a membership stands."""

    membership_id: UUID
    member_id: UUID
    step: int
    plan: str
    state: PlanState
    anchor_at: datetime
    """Ends of terms are counted in whole terms from here, so that the 31st comes back."""
    terms: int
    from_at: datetime
    until_at: datetime
    """The term that is paid, or the trial; exclusive."""
    since_at: datetime
    """Uses of benefits from here on belong to the running term."""
    fee_minor: int
    """What was agreed for a term."""
    wait_until: datetime | None = None
    """The end of the grace, or the latest end of a pause."""
    paused_at: datetime | None = None
    in_trial: bool = False
    next_plan: str = ""
    """The plan from the next term on, where it changes then."""
    told_minor: int | None = None
    told_at: datetime | None = None
    """A higher fee to come of the plan that runs, and when its member was told."""
    gross_minor: int = 0
    paid_minor: int = 0
    """What was paid as the running term began, and what is left with what changes cost."""
    returned_minor: int = 0
    """What refunds gave back of the running term."""
    gave_entry: UUID | None = None
    wallet: str = ""
    units: int = 0
    units_back: int = 0
    """Points that came with the running term, and how many of them went again."""
    stopped_at: datetime | None = None
    """When it was ended before its term was over: what was left of it then is left."""
    off_minor: int = 0
    """What was taken off the fee of the running term by agreement; below nothing: put on."""
    next_minor: int | None = None
    """What the plan from the next term on cost when it was chosen."""

    @property
    def next_look(self) -> datetime | None:
        """When time alone brings something about; nothing once it ended."""
        if self.state == "ended":
            return None
        return self.until_at if self.wait_until is None else self.wait_until

    @property
    def known_minor(self) -> int:
        """The highest fee its member knows of."""
        return max(self.fee_minor, self.told_minor or 0)


class Turn(Struct, frozen=True):
    """One thing that happened to a membership, and where it stands since."""

    turn_id: UUID
    what: What
    at: datetime
    version: int
    after: Membership
    amount_minor: int = 0
    entry_id: UUID | None = None
    source: str = ""
    external_id: str = ""
    actor: str = ""
    reason: str = ""
    payment: str = ""
    """Of a refund: the number of the payment it gives back, where it was named; of one that did
    not arrive: the number of that refund."""


pack = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Turn)


def unpack(packed: bytes) -> Turn:
    """What happened, as it was packed for a history."""
    return _decoder.decode(packed)
