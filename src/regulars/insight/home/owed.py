"""What members hold, by the month in which it lapses."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from regulars.base.tx import Tx

_BY_MONTH: Final = """
select wallet, case when expires_at < '9999-01-01'
                    then date_trunc('month', expires_at at time zone $2)::date end as month,
       sum(remaining)::bigint as units
  from lot where program_id = $1 and remaining > 0
 group by 1, 2 order by 1, 2 nulls last
"""


class Owed(NamedTuple):
    """So much of a wallet lapses within this month of the shop; no month, and it never does."""

    wallet: int
    month: date | None
    units: int


async def owed_by_month(tx: Tx, zone: str) -> list[Owed]:
    """What is left of all points, pending and reserved ones included.

    Units: of the wallet's scale. Order: by wallet, then month, what has no end last.
    """
    return [Owed(*row.values()) for row in await tx.fetch(_BY_MONTH, tx.program_id, zone)]
