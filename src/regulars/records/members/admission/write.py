"""Keep what people told when they joined."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx, Write
from regulars.records.members.admission.types import Admission

_ADMIT = """
insert into admission (program_id, member_id, birthday, country, guardian_id, invited_by, actor,
                       recorded_at)
select $1::int, a.*, $2::timestamptz from unnest($3::admission_row[]) as a
"""


def admit(tx: Tx, admitted: Sequence[Admission]) -> list[Write]:
    """Keep what was told, of whom something was told."""
    rows = [
        (a.member_id, a.birthday, a.country, a.guardian_id, a.invited_by, a.actor)
        for a in admitted
        if a.says
    ]
    return [Write(_ADMIT, (tx.program_id, tx.now, rows))] if rows else []
