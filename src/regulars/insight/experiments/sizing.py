"""How much members differ in what an experiment looks at: from the shop's own last weeks."""

from __future__ import annotations

from datetime import date, timedelta
from math import sqrt
from typing import Final, Literal, NamedTuple

from regulars.base.tx import Tx
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.experiments.outcomes import FEWEST_DAYS

Of = Literal["spend", "orders"]
FEWEST: Final = 50
"""Of fewer members nobody knows how much they differ."""
# Who did nothing in this time differs from the others, too: they count with nothing.
_LATELY: Final = """
select (select count(*) from member where program_id = $1::int and state = 'active') as members,
       coalesce(sum({0}), 0)::text as whole,
       coalesce(sum({0}::numeric * {0}::numeric), 0)::text as squares
  from (select member_id, sum(net_minor)::bigint as spend,
               count(distinct day) filter (where orders > 0) as orders
          from member_day
         where program_id = $1::int and day >= $2::date and day < $3::date
         group by member_id) d
"""


class Differ(NamedTuple):
    """How much members do on average in four weeks, and how much they differ in it (standard
    deviation): in minor units, or in orders."""

    members: int
    mean: float
    spread: float


async def differ(tx: Tx, of: Of, today: date) -> Differ | NotEnough:
    """Of all active members in the four weeks before today, whoever did nothing included."""
    days = (today - timedelta(FEWEST_DAYS), today)
    (row,) = await tx.fetch(_LATELY.format(of), tx.program_id, *days)
    return differing(row["members"], int(row["whole"]), int(row["squares"]))


def differing(members: int, whole: int, squares: int) -> Differ | NotEnough:
    """Mean and spread from sums; refused of few members, and where all did the same.

    Keeps: sums are whole numbers, so nothing is lost where one large number is taken from another.
    """
    if members < FEWEST:
        return NotEnough("members", members, FEWEST)
    apart = members * squares - whole * whole
    if apart <= 0:
        return NotEnough("spread", 0, 1)
    return Differ(members, whole / members, sqrt(apart / (members * (members - 1))))
