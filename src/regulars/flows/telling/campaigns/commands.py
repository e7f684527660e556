"""What may be asked about campaigns, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.flows.telling.campaigns.filling import Reader
from regulars.records.access.staff.types import By
from regulars.records.outbox.campaigns.types import Campaign, Due, Instead, Said, Way
from regulars.records.outbox.delivery.devices.types import PushDevice


class KeepCampaign(Struct, frozen=True):
    """A campaign is to be like this; it is a draft from now on.

    Shape: `says` by language, that of the program among them. Units: `held_percent` of a hundred.
    """

    code: str
    name: str
    segment: str
    channel: Way
    says: Mapping[str, Said]
    by: By
    held_percent: int = 5
    send_at: datetime | None = None
    local: bool = False
    variants: tuple[Mapping[str, Said], ...] = ()
    """Up to three further ways to say it, each in the languages of `says`."""
    offers: tuple[str, ...] = ()
    """Which offer whoever reads it has: one for all ways, or one by way; empty: none."""
    instead: tuple[Instead, ...] = ()
    """Up to four further channels, the first that reaches a member where those before do not."""
    event: str = ""
    """The code of an event that is to come, to which it invites; empty: none."""
    survey: str = ""
    """Which open survey whoever is written to is asked to answer; empty: none."""


Step = Literal["check", "approve", "resume", "stop", "drop"]
"""Look at it: to whom it would go; release it; let what pauses go on; end it; forget what was never
released."""


class MoveCampaign(Struct, frozen=True):
    """A campaign takes a step; `version` is the one its reader saw, as only that is approved."""

    code: str
    step: Step
    by: By
    version: int | None = None


CampaignCommand = KeepCampaign | MoveCampaign
CampaignOutcome = Campaign | Refused | Fault


class Posting(Struct, frozen=True):
    """A message with everything that is needed to write and send it."""

    campaign: Campaign
    due: Due
    attempts: int
    """Which try this is."""
    address: str
    reader: Reader
    devices: tuple[PushDevice, ...] = ()
    """Where a notice goes that goes to no address."""
