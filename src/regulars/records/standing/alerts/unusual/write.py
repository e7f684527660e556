"""Keep what became of unusual days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.standing.alerts.types import Outcome

_END = """
update member_alert a set outcome = q.outcome, over_on = q.over_on
  from unnest($2::uuid[], $3::text[], $4::date[]) as q (alert_id, outcome, over_on)
 where a.program_id = $1::int and a.alert_id = q.alert_id and a.outcome is null
"""


def end(tx: Tx, these: Sequence[tuple[UUID, Outcome, date]]) -> list[Write]:
    """It is known of these what became of them, and since which day."""
    if not these:
        return []
    ids, outcomes, days = (list(column) for column in zip(*these, strict=True))
    return [Write(_END, (tx.program_id, ids, outcomes, days))]
