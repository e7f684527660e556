"""Look up when and where extracts are written, and which are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regulars.base.tx import Tx
from regulars.records.errands.extracts.types import ExtractPlan, ExtractRun

_PLAN = f"""
select {", ".join(ExtractPlan.__struct_fields__)} from extract_plan where program_id = $1::int
"""  # noqa: S608
_RUNS = f"""
select {", ".join(ExtractRun.__struct_fields__)} from extract_run where program_id = $1::int
"""  # noqa: S608
_BEGUN = f"{_RUNS} and state = 'begun' for update"
_PAGE = f"{_RUNS} and ($2::int is null or number < $2::int) order by number desc limit $3::int"
_LAST = "select coalesce(max(number), 0) as number from extract_run where program_id = $1::int"
_SLUG = "select slug from program where program_id = $1::int"


async def plan(tx: Tx, *, held: bool = False) -> ExtractPlan | None:
    """When and where; held, nobody else changes it meanwhile."""
    rows = await tx.fetch(_PLAN + (" for update" if held else ""), tx.program_id)
    return _of(ExtractPlan, rows[0]) if rows else None


async def unfinished(tx: Tx) -> ExtractRun | None:
    """The one that was begun and is not there yet, held."""
    rows = await tx.fetch(_BEGUN, tx.program_id)
    return _of(ExtractRun, rows[0]) if rows else None


async def last_number(tx: Tx) -> int:
    """Of the last one that was begun; 0 where there was none."""
    return int((await tx.fetch(_LAST, tx.program_id))[0]["number"])


async def page(tx: Tx, before: int | None, most: int) -> list[ExtractRun]:
    """Extracts, the newest first."""
    rows = await tx.fetch(_PAGE, tx.program_id, before, most)
    return [_of(ExtractRun, row) for row in rows]


async def own_name(tx: Tx) -> str:
    """What this program is called: its folder, and for whom an export is made."""
    return str((await tx.fetch(_SLUG, tx.program_id))[0]["slug"])


def _of(kind: Any, row: Mapping[str, Any]) -> Any:
    return kind(**{name: row[name] for name in kind.__struct_fields__})
