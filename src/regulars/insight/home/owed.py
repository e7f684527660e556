"""What members hold, by the month in which it lapses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from regulars.base.tx import Tx

_BY_MONTH: Final = """
select wallet, case when expires_at < '9999-01-01'
                    then date_trunc('month', expires_at at time zone $2)::date end as month,
       sum(remaining)::bigint as units,
       -- How many of these instants had come when they were earned.
       (select count(*)::int from unnest($3::timestamptz[]) as s (since)
         where s.since <= earned_at) as band
  from lot where program_id = $1 and remaining > 0
 group by wallet, month, band order by wallet, month nulls last, band
"""


class Owed(NamedTuple):
    """So much of a wallet lapses within this month of the shop; no month, and it never does."""

    wallet: int
    month: date | None
    units: int
    band: int = 0
    """How many of the changes whose worth is kept lie behind what was earned."""


async def owed_by_month(tx: Tx, zone: str, changes: Sequence[datetime] = ()) -> list[Owed]:
    """What is left of all points, pending and reserved ones included; apart by these changes.

    Units: of the wallet's scale. Order: by wallet, then month, what has no end last.
    """
    rows = await tx.fetch(_BY_MONTH, tx.program_id, zone, list(changes))
    return [Owed(*row.values()) for row in rows]
