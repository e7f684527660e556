"""Look up what the night told."""

from __future__ import annotations

from datetime import date
from typing import Final

from regulars.base.tx import Tx
from regulars.records.prepared.told.types import ReportTold

_TOLD: Final = """
select report, question, day, basis, looked_at, took_ms, told::text as told from report_told
 where program_id = $1::int and report = $2::text and question = $3::text
"""
_ASKED: Final = """
select report, question, took_ms from report_told
 where program_id = $1::int and day = $2::date and basis = $3::text
"""


async def told(tx: Tx, report: str, question: str) -> ReportTold | None:
    """What was told last of this question; nothing where it never was asked by night."""
    rows = await tx.fetch(_TOLD, tx.program_id, report, question)
    return ReportTold(*rows[0].values()) if rows else None


async def asked_on(tx: Tx, day: date, basis: str) -> dict[tuple[str, str], int]:
    """Which questions were asked on this day by these terms, and the milliseconds each took."""
    rows = await tx.fetch(_ASKED, tx.program_id, day, basis)
    return {(row["report"], row["question"]): row["took_ms"] for row in rows}
