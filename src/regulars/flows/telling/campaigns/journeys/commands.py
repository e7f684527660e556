"""What may be asked about journeys, and what is answered."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.access.staff.types import By
from regulars.records.outbox.campaigns.journeys.types import Journey, JourneyPlan


class KeepJourney(Struct, frozen=True):
    """A journey is to be like this: a draft, or its next version where it was published."""

    code: str
    name: str
    plan: JourneyPlan
    by: By


Step = Literal["publish", "pause", "resume", "end", "drop"]
"""Members begin by the latest version; nobody moves; they go on; it is over; forget what was never
published."""


class MoveJourney(Struct, frozen=True):
    """A journey takes a step; `version` is the one its reader saw, as only that is published."""

    code: str
    step: Step
    by: By
    version: int | None = None


JourneyCommand = KeepJourney | MoveJourney
JourneyOutcome = Journey | Refused | Fault
