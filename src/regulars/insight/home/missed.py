"""Members who came often and have not come for long: whom a shop could win back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx

LOOKS_BACK: Final = timedelta(days=365)
AWAY: Final = timedelta(days=45)
OFTEN: Final = 3
"""So many days make a habit."""
# Away for twice their usual pause, so that who comes each quarter is not missed after two months.
_MISSED: Final = """
select c.member_id, c.days, c.last
  from (select member_id, count(distinct (occurred_at at time zone $2)::date) as days,
               min(occurred_at) as first, max(occurred_at) as last
          from activity
         where program_id = $1 and occurred_at >= $3 and kind <> 'return'
           and member_id <> '00000000-0000-0000-0000-000000000000'
         group by member_id) c
  join member m on m.program_id = $1 and m.member_id = c.member_id and m.state = 'active'
 where c.days >= $5 and c.last < $4
   and ($6 - c.last) * (c.days - 1) >= 2 * (c.last - c.first)
 order by c.days desc, c.last desc, c.member_id limit $7
"""


class Missed(NamedTuple):
    """Somebody who came on so many days of the last year, the last time at this instant."""

    member_id: UUID
    days: int
    last: datetime


async def missed(tx: Tx, zone: str, now: datetime, most: int) -> list[Missed]:
    """Whom to win back: who came on three days or more within a year and, by what was usual for
    them, should have come again twice since, and at least 45 days ago.

    Order: who came most often first.
    Example: came each week and not for seven weeks: missed; came each quarter: not yet.
    """
    bounds = (now - LOOKS_BACK, now - AWAY, OFTEN, now, most)
    return [Missed(*row.values()) for row in await tx.fetch(_MISSED, tx.program_id, zone, *bounds)]
