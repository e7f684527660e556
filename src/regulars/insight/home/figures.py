"""How the program goes: members who came, points that moved by month, points that are owed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from msgspec import Struct

from regulars.base.tx import Tx
from regulars.records.ledger.types import Account

LOOKS_BACK: Final = timedelta(days=90)
# Members who went with an import that was taken back never came, and got nothing: what they did
# stays in the books, what takes it back in another month, and the mended file tells it once more.
_NEVER_WAS: Final = """(
    select member_id from import_undone
     where program_id = $1 and made and state = 'undone')"""
_BY_MONTH: Final = f"""
select date_trunc('month', e.occurred_at at time zone $2)::date as month, p.wallet, p.account,
       sum(p.amount)::bigint as amount
  from entry e join posting p using (program_id, entry_id, member_id)
 where e.program_id = $1 and e.occurred_at >= $3 and p.account between $4 and $5
   and e.member_id not in {_NEVER_WAS}
 group by 1, 2, 3
"""  # noqa: S608 - a statement of ours
# Who came, and of those who came again on another day; unregistered cards are members, too.
_CAME: Final = f"""
select count(*) as came, count(*) filter (where days > 1) as came_back,
       count(*) filter (where last >= $4) as came_lately
  from (select count(distinct (occurred_at at time zone $2)::date) as days,
               max(occurred_at) as last
          from activity
         where program_id = $1 and occurred_at >= $3 and kind <> 'return'
           and member_id <> '00000000-0000-0000-0000-000000000000'
           and member_id not in {_NEVER_WAS}
         group by member_id) each_one
"""  # noqa: S608 - a statement of ours
_OWED: Final = """
select wallet, sum(available + pending + held)::bigint as units
  from balance where program_id = $1 group by wallet
"""
_MEMBERS: Final = f"""
select count(*) as members from member
 where program_id = $1 and member_id not in {_NEVER_WAS}
"""  # noqa: S608 - a statement of ours


class Month(NamedTuple):
    """What moved in one month, in units of the wallet's scale."""

    month: date
    wallet: int
    given: int
    redeemed: int
    expired: int


class Figures(Struct, frozen=True):
    """How the program goes as of an instant.

    Shape: `owed` by the wallet's small number; months without any movement are left out.
    """

    as_of: datetime
    members: int
    came: int
    """Members who did anything within the last 90 days."""
    came_back: int
    """Of those, who came on more than one day."""
    came_lately: int
    """Of those, who came within the last 30 days."""
    owed: dict[int, int]
    months: tuple[Month, ...]


async def figures(tx: Tx, zone: str, since: date, now: datetime) -> Figures:
    """The figures of a program, months beginning with the one of `since`.

    Units: points in units of the wallet's scale. Order: months from the oldest on.
    Example: 100 points given and 20 of them taken back by a return are 80 given.
    """
    start = datetime(since.year, since.month, 1, tzinfo=now.tzinfo)
    bounds = (int(Account.ISSUED), int(Account.EXPIRED))
    moved = await tx.fetch(_BY_MONTH, tx.program_id, zone, start, *bounds)
    lately = now - timedelta(days=30)
    (came,) = await tx.fetch(_CAME, tx.program_id, zone, now - LOOKS_BACK, lately)
    owed = await tx.fetch(_OWED, tx.program_id)
    (members,) = await tx.fetch(_MEMBERS, tx.program_id)
    return Figures(
        as_of=now,
        members=members["members"],
        came=came["came"],
        came_back=came["came_back"],
        came_lately=came["came_lately"],
        owed={row["wallet"]: row["units"] for row in owed},
        months=_months({(r["month"], r["wallet"], r["account"]): r["amount"] for r in moved}),
    )


def _months(moved: dict[tuple[date, int, int], int]) -> tuple[Month, ...]:
    places = sorted({(month, wallet) for month, wallet, _ in moved})
    return tuple(
        Month(
            month,
            wallet,
            # Points that are given leave the program's side.
            given=-moved.get((month, wallet, Account.ISSUED), 0),
            redeemed=moved.get((month, wallet, Account.REDEEMED), 0),
            expired=moved.get((month, wallet, Account.EXPIRED), 0),
        )
        for month, wallet in places
    )
