"""Look up months that were kept, and letters with them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.outbox.months.types import MonthLetter, Page

_KEPT: Final = """
select exists (select from month_page where program_id = $1::int and month = $2::date) as kept
"""
_PAGES: Final = """
select month, language, told, made_at from month_page
 where program_id = $1::int and month = $2::date
"""
_MONTHS: Final = """
select month, min(made_at) as made_at from month_page
 where program_id = $1::int group by month order by month desc limit $2::int
"""
_COLUMNS: Final = """
select letter_id, month, staff_id, language, address, state, tries, try_at, reason
  from month_letter where program_id = $1::int"""
_DUE: Final = f"""
{_COLUMNS} and state = 'waiting' and try_at <= $2::timestamptz
 order by try_at, letter_id limit 1 for update skip locked
"""
_OF_MONTHS: Final = f"{_COLUMNS} and month = any($2::date[]) order by month, letter_id"
_BOUNCED: Final = """
select address from month_letter
 where program_id = $1::int and address = any($2::bytea[]) and state = 'bounced'
"""
_THESE: Final = f"{_COLUMNS} and letter_id = any($2::uuid[]) order by letter_id"
_told = msgspec.json.Decoder(dict[str, Any]).decode


async def is_kept(tx: Tx, month: date) -> bool:
    """Whether this month was told and kept."""
    rows = await tx.fetch(_KEPT, tx.program_id, month)
    return bool(rows[0]["kept"])


async def pages(tx: Tx, month: date) -> dict[str, Page]:
    """A month as it was kept, by language; nothing where it was not."""
    rows = await tx.fetch(_PAGES, tx.program_id, month)
    return {row["language"]: Page(**{**row, "told": _told(row["told"])}) for row in rows}


async def months(tx: Tx, most: int) -> list[tuple[date, datetime]]:
    """The months that are kept with when they were, the latest first."""
    rows = await tx.fetch(_MONTHS, tx.program_id, most)
    return [(row["month"], row["made_at"]) for row in rows]


async def due(tx: Tx) -> MonthLetter | None:
    """The letter that waits longest and may be tried; held until the transaction ends."""
    rows = await tx.fetch(_DUE, tx.program_id, tx.now)
    return MonthLetter(*rows[0].values()) if rows else None


async def letters(tx: Tx, months: Collection[date]) -> list[MonthLetter]:
    """Who got these months, or is to get them."""
    rows = await tx.fetch(_OF_MONTHS, tx.program_id, list(months)) if months else ()
    return [MonthLetter(*row.values()) for row in rows]


async def these(tx: Tx, ids: Sequence[UUID]) -> list[MonthLetter]:
    """Letters by their ids; of others nothing."""
    rows = await tx.fetch(_THESE, tx.program_id, list(ids)) if ids else ()
    return [MonthLetter(*row.values()) for row in rows]


async def has_bounced(tx: Tx, address: bytes) -> bool:
    """Whether a letter with a month came back from here."""
    return bool(await tx.fetch(_BOUNCED, tx.program_id, [address]))
