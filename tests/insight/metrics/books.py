"""Known rows of a shop, small enough to be reckoned by hand.

A   10 Jan 10.00, 5 Feb 20.00, 1 Mar 5.00       B   20 Jan 8.00, 15 Mar 12.00
C   14 Feb 30.00 in Harbour                     D   14 Feb 9.00, all of which came back
nobody   20 Feb 40.00
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from tests.surfaces.counter import Counter

from regulars.base.tx import Tx
from regulars.records.prepared.write import count_gaps

BOUGHT: Final = (
    ("A", "2026-01-10", "mitte", 1, 1000),
    ("A", "2026-02-05", "mitte", 1, 2000),
    ("A", "2026-03-01", "mitte", 1, 500),
    ("B", "2026-01-20", "mitte", 1, 800),
    ("B", "2026-03-15", "harbour", 1, 1200),
    ("C", "2026-02-14", "harbour", 1, 3000),
    ("D", "2026-02-14", "mitte", 0, 0),
)
POINTS: Final = (
    ("A", "2026-01-10", 100, 0, 0, 0, 0),
    ("B", "2026-01-20", 80, 0, 0, 0, 0),
    ("A", "2026-02-05", 200, 150, 0, 0, 0),
    ("C", "2026-02-14", 300, 0, 0, 25, 0),
    ("A", "2026-03-01", 50, 0, 40, 0, 0),
    ("B", "2026-03-15", 120, 60, 0, 0, 10),
)
FIRST: Final = {"A": "2026-01-10", "B": "2026-01-20", "C": "2026-02-14"}


def lay(counter: Counter) -> dict[str, str]:
    """Members and their rows; the id of each by its letter."""
    ids = {name: counter.joined(f"card-{name}") for name in "ABCD"}
    who = {name: UUID(id_[4:]) for name, id_ in ids.items()}

    async def laid(tx: Tx, _: Any) -> None:
        wallet = next(code for code, one in (await _names(tx)).items() if one == "points")
        await _members(tx, who)
        await _sums(tx)
        await _points(tx, who, wallet)

    counter.shop.do(laid)
    return ids


async def _names(tx: Tx) -> dict[int, str]:
    sql = "select code, name from program_code where program_id = $1 and kind = 'wallet'"
    return {row["code"]: row["name"] for row in await tx.fetch(sql, tx.program_id)}


async def _members(tx: Tx, who: dict[str, UUID]) -> None:
    for name, day, store, orders, net in BOUGHT:
        await tx.fetch(
            "insert into member_day values ($1,$2,$3,$4,1,$5,$6,$6,1,0,0)",
            tx.program_id, who[name], date.fromisoformat(day), store, orders, net,
        )  # fmt: skip
    for name, first in FIRST.items():
        mine = [one for one in BOUGHT if one[0] == name]
        last, net = max(one[1] for one in mine), sum(one[4] for one in mine)
        second = min((one[1] for one in mine if one[1] > first and one[3]), default=None)
        await tx.fetch(
            "insert into member_orders values ($1,$2,$3,$4,$5,$6,$7)",
            tx.program_id, who[name], date.fromisoformat(first), date.fromisoformat(last),
            len(mine), net, None if second is None else date.fromisoformat(second),
        )  # fmt: skip
    looked = datetime.fromisoformat("2026-06-01T10:00:00+00:00")
    await tx.fetch(
        "insert into prepared_reach values ($1, 1, '', 1, null, null, $2)", tx.program_id, looked
    )


async def _sums(tx: Tx) -> None:
    await count_gaps(tx)
    await tx.fetch(
        "insert into store_day select program_id, day, store, true, sum(sales), sum(orders),"
        " sum(paid_minor), sum(net_minor), 0, 0, 0 from member_day where program_id = $1"
        " group by 1, 2, 3",
        tx.program_id,
    )
    await tx.fetch(
        "insert into store_day values ($1, '2026-02-20', 'mitte', false, 1, 1, 4000, 4000, 1, 0,"
        " 0)",
        tx.program_id,
    )
    await tx.fetch(
        "insert into cohort_month select d.program_id, date_trunc('month', o.first_on::timestamp),"
        " date_trunc('month', d.day::timestamp), count(distinct d.member_id), count(*),"
        " sum(d.net_minor) from member_day d join member_orders o using (program_id, member_id)"
        " where d.program_id = $1 and d.orders > 0 group by 1, 2, 3",
        tx.program_id,
    )


async def _points(tx: Tx, who: dict[str, UUID], wallet: int) -> None:
    for name, day, *moved in POINTS:
        await tx.fetch(
            "insert into points_day values ($1,$2,$3,'mitte',$4,$5,$6,$7,$8,$9)",
            tx.program_id, who[name], date.fromisoformat(day), wallet, *moved,
        )  # fmt: skip
    await tx.fetch(
        "insert into store_points_day select program_id, day, store, wallet, sum(issued),"
        " sum(redeemed), sum(expired), sum(adjusted), sum(other) from points_day"
        " where program_id = $1 group by 1, 2, 3, 4",
        tx.program_id,
    )
