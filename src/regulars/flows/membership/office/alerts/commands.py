"""What may be said of an alert about a member."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault
from regulars.records.access.staff.types import By
from regulars.records.standing.alerts.types import MemberAlert, Verdict


class HandleAlert(Struct, frozen=True):
    """Somebody looked after a member, and says this of it; or lets it wait until a day
    (`snooze_until`); or (`undone`) nobody did after all, and it waits no longer. Of an unusual day
    or an account they may say whether the alert was right (`verdict`)."""

    alert_id: UUID
    by: By
    note: str = ""
    undone: bool = False
    snooze_until: date | None = None
    verdict: Verdict | None = None


HandleOutcome = MemberAlert | Fault
