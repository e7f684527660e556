"""What each member of an experiment did since they are in an arm, and in as much time before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from regulars.base.tx import Tx
from regulars.records.experiments.types import Experiment, Outcome

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_DAYS: Final = 365
FEWEST_DAYS: Final = 28
# Whole days only: the day somebody came into an arm is half before it. Who was merged since, or
# went with an import that was taken back, is nobody of their own.
_DONE: Final = """
select p.arm, coalesce(a.orders, 0) as orders, coalesce(a.net, 0) as spend,
       coalesce(b.orders, 0) as orders_before, coalesce(b.net, 0) as spend_before
  from experiment_member p
  left join lateral (
       select count(distinct d.day) filter (where d.orders > 0) as orders, sum(d.net_minor) as net
         from member_day d
        where d.program_id = p.program_id and d.member_id = p.member_id
          and d.day > (p.since at time zone $3::text)::date and d.day < $4::date) a on true
  left join lateral (
       select count(distinct d.day) filter (where d.orders > 0) as orders, sum(d.net_minor) as net
         from member_day d
        where d.program_id = p.program_id and d.member_id = p.member_id
          and d.day >= $5::date and d.day < $6::date) b on true
 where p.program_id = $1::int and p.experiment_id = $2::uuid
   and not exists (select from member_alias l
                    where l.program_id = p.program_id and l.member_id = p.member_id)
   and not exists (select from import_undone u
                    where u.program_id = p.program_id and u.member_id = p.member_id
                      and u.made and u.state = 'undone')
 order by p.member_id
"""
_POINTS: Final = """
select p.member_id, d.wallet, sum(d.issued)::bigint as issued
  from experiment_member p
  left join points_day d on d.program_id = p.program_id and d.member_id = p.member_id
       and d.day > (p.since at time zone $3::text)::date and d.day < $4::date
 where p.program_id = $1::int and p.experiment_id = $2::uuid
   and not exists (select from member_alias l
                    where l.program_id = p.program_id and l.member_id = p.member_id)
   and not exists (select from import_undone u
                    where u.program_id = p.program_id and u.member_id = p.member_id
                      and u.made and u.state = 'undone')
 group by 1, 2 order by 1
"""


class Outcomes(NamedTuple):
    """Columns of one length, a row a member: the place of their arm and what they did.

    Units: orders; money and the worth of points given in minor units. What members did before is
    of the days before anybody was in an arm, as many as since, at least four weeks.
    """

    arm: NDArray[np.int64]
    orders: NDArray[np.float64]
    spend: NDArray[np.float64]
    cost: NDArray[np.float64]
    orders_before: NDArray[np.float64]
    spend_before: NDArray[np.float64]

    def of(self, outcome: Outcome) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The columns of an outcome, since and before."""
        if outcome == "spend":
            return self.spend, self.spend_before
        if outcome == "orders":
            return self.orders, self.orders_before
        return (self.orders > 0).astype(float), (self.orders_before > 0).astype(float)


async def outcomes(
    tx: Tx, one: Experiment, zone: ZoneInfo, worth: Mapping[int, Fraction]
) -> Outcomes:
    """What everybody of this experiment did, from the prepared rows.

    Units: `worth` is what a unit of a wallet is worth in minor units, by the wallet's number.
    Order: whole days, from the one after somebody came into an arm until yesterday in the shop's
    zone; a sale of the day itself counts nowhere. Traps: a return on Friday of Monday's sale is
    less money on Monday.
    """
    assert one.begun_at is not None, "nobody is in an arm of a plan"
    import numpy as np  # the server that answers does not load it

    first, until = span(one.begun_at, one.ended_at or tx.now, zone)
    before = first - timedelta(days=min(max((until - first).days, FEWEST_DAYS), MOST_DAYS))
    asked = (tx.program_id, one.experiment_id, zone.key, until)
    rows = await tx.fetch(_DONE, *asked, before, first)
    given = await tx.fetch(_POINTS, *asked)
    columns = [
        np.array([int(row[name]) for row in rows], dtype=np.float64)
        for name in ("orders", "spend", "orders_before", "spend_before")
    ]
    arm = np.array([row["arm"] for row in rows], dtype=np.int64)
    cost = np.array(_costs(given, worth), dtype=np.float64)
    return Outcomes(arm, columns[0], columns[1], cost, columns[2], columns[3])


def span(begun: datetime, until: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The shop's day on which it began, and the first that is not over by now."""
    return begun.astimezone(zone).date(), until.astimezone(zone).date()


def _costs(rows: Any, worth: Mapping[int, Fraction]) -> list[float]:
    """What the points of each member are worth, in the order of members."""
    found: dict[Any, Fraction] = {}
    for row in rows:
        units = 0 if row["wallet"] is None else row["issued"]
        each = units * worth.get(row["wallet"], Fraction(0))
        found[row["member_id"]] = found.get(row["member_id"], Fraction(0)) + each
    return [float(each) for each in found.values()]
