"""An adjustment that waits for somebody else, and something somebody should look at."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

AlertKind = Literal[
    "velocity", "share", "joins", "by_hand", "lookups", "bounces", "complaints"
]  # fmt: skip
"""Somebody earned again and again in one store; one cashier credits cards that nobody registered;
many joined at once; one cashier types in many sales without a receipt; one till looked for as many
whom nobody knows as it may; too many a campaign or journey wrote to have a wrong address; too many
of them complained."""
Waiting = Literal["waiting", "booked", "rejected"]


class AdjustmentRequest(Struct, frozen=True):
    """Somebody asks somebody else to give or take points."""

    request_id: UUID
    member_id: UUID
    wallet: str
    units: int
    reason: str
    asked_by: UUID
    asked_at: datetime
    state: Waiting = "waiting"
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    entry_id: UUID | None = None
    note: str = ""
    expires_on: str = ""
    """The last day on which what is given can be spent, or `never`; else as the wallet says."""


class Alert(Struct, frozen=True):
    """Something at the counter that somebody should look at.

    `subject` is a member, a cashier's principal, where people joined, or the code of a campaign or
    journey, whose step is `place`; `count` of `out_of` for
    shares, else how often.
    """

    alert_id: UUID
    kind: AlertKind
    subject: str
    place: str
    began_at: datetime
    count: int
    out_of: int
    raised_at: datetime
    closed_at: datetime | None = None
    closed_by: UUID | None = None


class AlertNote(Struct, frozen=True):
    """What somebody wrote beside an alert."""

    note_id: UUID
    alert_id: UUID
    staff_id: UUID
    says: str
    at: datetime
