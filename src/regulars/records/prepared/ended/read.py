"""Count who stands where and what is owed as a day has just ended, some members at a time."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final

from regulars.base.tx import Tx
from regulars.records.prepared.types import EVERYBODY, HERE, DayEnd

# The nearer of two places: after so many members, and after so many lots, empty ones among them,
# as they are read as well. `least` leaves out what is null: then all the rest is near enough.
_UPTO: Final = """
select least(
    (select member_id from member where program_id = $1::int and member_id > $2::uuid
      order by member_id offset $3::int limit 1),
    (select member_id from lot where program_id = $1::int and member_id > $2::uuid
      order by member_id, wallet, lot_id offset $3::int limit 1)) as upto_id
"""
# Who is merged or nobody any more stands on nothing.
_STAND: Final = f"""
select coalesce(s.tier, '') as tier, count(*) as members
  from member m left join standing s on s.program_id = m.program_id and s.member_id = m.member_id
 where m.program_id = $1::int and m.member_id > $2::uuid and m.member_id <= $3::uuid
   and {HERE}
 group by 1
"""  # noqa: S608 - a statement of ours
_OWED: Final = """
select wallet, case when expires_at < '9999-01-01'
                    then date_trunc('month', expires_at at time zone $4::text)::date
                    else date '9999-12-01' end as lapse_month,
       sum(remaining)::bigint as units
  from lot
 where program_id = $1::int and member_id > $2::uuid and member_id <= $3::uuid and remaining > 0
 group by 1, 2
"""


async def count_some(tx: Tx, zone: str, so_far: DayEnd, rows: int) -> DayEnd:
    """Count the next members with what was found so far: those who are so many, or have so many
    lots among them, whichever are fewer.

    Keeps: each member is whole in one portion, and whoever has more lots than that is one alone.
    Shape: `after_id` is nothing when everybody is counted.
    """
    assert so_far.after_id is not None, so_far
    found = await tx.fetch(_UPTO, tx.program_id, so_far.after_id, rows)
    upto = found[0]["upto_id"] or EVERYBODY
    some = tx.program_id, so_far.after_id, upto
    tiers = Counter(so_far.tiers)
    for row in await tx.fetch(_STAND, *some):
        tiers[row["tier"]] += row["members"]
    owed = Counter({(wallet, month): units for wallet, month, units in so_far.owed})
    for row in await tx.fetch(_OWED, *some, zone):
        owed[row["wallet"], row["lapse_month"]] += row["units"]
    after = None if upto == EVERYBODY else upto
    return DayEnd(so_far.day, after, dict(sorted(tiers.items())), _rows(owed))


def _rows(owed: Counter[tuple[int, date]]) -> tuple[tuple[int, date, int], ...]:
    return tuple((*key, owed[key]) for key in sorted(owed))
