"""Keep what the night told."""

from __future__ import annotations

from typing import Final

from regulars.base.tx import Tx, Write
from regulars.records.prepared.told.types import ReportTold

_KEEP: Final = """
insert into report_told (program_id, report, question, day, basis, looked_at, took_ms, told)
values ($1::int, $2::text, $3::text, $4::date, $5::text, $6::timestamptz, $7::int,
        $8::text::jsonb)
on conflict (program_id, report, question) do update
   set day = excluded.day, basis = excluded.basis, looked_at = excluded.looked_at,
       took_ms = excluded.took_ms, told = excluded.told
"""


def keep(tx: Tx, one: ReportTold) -> Write:
    """The last answer to a question takes the place of the one before."""
    return Write(
        _KEEP,
        (
            tx.program_id, one.report, one.question, one.day, one.basis, one.looked_at,
            one.took_ms, one.told,
        ),
    )  # fmt: skip
