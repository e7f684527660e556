"""What members did on a day, beside what they and others did before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from regulars.base.tx import Tx

Measure = Literal["spent", "issued", "redeemed"]
_SPENT: Final = ("member_day", "net_minor", "orders > 0 and $2::int is null")
_ISSUED: Final = ("points_day", "issued", "wallet = $2::int")
_REDEEMED: Final = ("points_day", "redeemed", "wallet = $2::int")
OF: Final[Mapping[Measure, tuple[str, str, str]]] = {
    "spent": _SPENT, "issued": _ISSUED, "redeemed": _REDEEMED,
}  # fmt: skip
"""Where each is read: the table, its column, and which rows."""


def _asked(what: str) -> Mapping[Measure, str]:
    return {
        name: what.format(table=table, column=column, which=which)
        for name, (table, column, which) in OF.items()
    }


_ON: Final = _asked("""
select member_id, sum({column})::bigint as amount from {table}
 where program_id = $1::int and {which} and day = $3::date group by member_id
having sum({column}) > 0
""")
_PEERS: Final = _asked("""
select amount, count(*) as many from (
    select sum({column})::bigint as amount from {table}
     where program_id = $1::int and {which} and day = any($3::date[])
     group by member_id, day) each
 where amount > 0 group by amount
""")
_BEFORE: Final = _asked("""
select member_id, day, sum({column})::bigint as amount from {table}
 where program_id = $1::int and {which} and member_id = any($3::uuid[])
   and day >= $4::date - 365 and day < $4::date
 group by member_id, day
""")
_MOVES: Final = """
select m.member_id, (array_agg(m.from_tier order by m.move_id))[1] as was,
       (array_agg(m.to_tier order by m.move_id desc))[1] as becomes
  from (select distinct member_id from member_day where program_id = $1::int and day = $2::date) d
  join tier_move m on m.program_id = $1::int and m.member_id = d.member_id
   and m.recorded_at >= $3::timestamptz and m.recorded_at < $4::timestamptz
 group by m.member_id
"""


async def on(tx: Tx, measure: Measure, wallet: int | None, day: date) -> dict[UUID, int]:
    """How much of this each member did on a day, who did any."""
    rows = await tx.fetch(_ON[measure], tx.program_id, wallet, day)
    return {row["member_id"]: row["amount"] for row in rows}


async def of_all(
    tx: Tx, measure: Measure, wallet: int | None, days: Sequence[date]
) -> list[tuple[int, int]]:
    """Amounts of everybody on these days, each with how often it came."""
    rows = await tx.fetch(_PEERS[measure], tx.program_id, wallet, list(days))
    return [(row["amount"], row["many"]) for row in rows]


async def before(
    tx: Tx, measure: Measure, wallet: int | None, members: Sequence[UUID], day: date
) -> dict[UUID, list[tuple[date, int]]]:
    """What these did on each day of the year before this one."""
    found: dict[UUID, list[tuple[date, int]]] = {}
    for row in await tx.fetch(_BEFORE[measure], tx.program_id, wallet, list(members), day):
        found.setdefault(row["member_id"], []).append((row["day"], row["amount"]))
    return found


async def climbed(
    tx: Tx, day: date, since: datetime, until: datetime
) -> list[tuple[UUID, str | None, str | None]]:
    """From where to where those moved between two instants who did something on this day."""
    rows = await tx.fetch(_MOVES, tx.program_id, day, since, until)
    return [(row["member_id"], row["was"], row["becomes"]) for row in rows]
