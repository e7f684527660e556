"""Members who came often and have not come for long: whom a shop could win back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx

LOOKS_BACK: Final = timedelta(days=365)
AWAY: Final = timedelta(days=45)
OFTEN: Final = 3
"""So many days make a habit."""
LOOKED_AT: Final = 500
"""Of so many the days are looked at, of who ordered most: a million are not gone through."""
# Away for twice their usual pause, so that who comes each quarter is not missed after two months.
# Where nothing is sold, those who came on most days are looked at.
_MISSED: Final = """
with often as (
    (select member_id from member_orders
      where program_id = $1::int and orders >= $4::int and last_on >= $2::date
        and last_on < $3::date
      order by orders desc, last_on desc, member_id limit $7::int)
    union all
    (select member_id from member_day
      where program_id = $1::int and day >= $2::date
        and not exists (select from member_orders where program_id = $1::int)
      group by member_id order by count(*) desc, member_id limit $7::int)
)
select o.member_id, c.days, c.last
  from often o
  join member m on m.program_id = $1::int and m.member_id = o.member_id and m.state = 'active'
  join lateral (
       select count(distinct day) as days, min(day) as first, max(day) as last
         from member_day
        where program_id = $1::int and member_id = o.member_id and day - $2::date >= 0
          and (sales > 0 or visits > 0)) c on true
 where c.days >= $4::int and c.last < $3::date
   and ($5::date - c.last) * (c.days - 1) >= 2 * (c.last - c.first)
 order by c.days desc, c.last desc, o.member_id limit $6::int
"""


class Missed(NamedTuple):
    """Somebody who came on so many days of the last year, the last time on this one."""

    member_id: UUID
    days: int
    last_on: date


async def missed(tx: Tx, today: date, most: int) -> list[Missed]:
    """Whom to win back: who came on three days or more within a year and, by what was usual for
    them, should have come again twice since, and more than 45 days ago.

    Order: who came most often first.
    Example: came each week and not for seven weeks: missed; came each quarter: not yet.
    """
    bounds = (today - LOOKS_BACK, today - AWAY, OFTEN, today, most, LOOKED_AT)
    return [Missed(*row.values()) for row in await tx.fetch(_MISSED, tx.program_id, *bounds)]
