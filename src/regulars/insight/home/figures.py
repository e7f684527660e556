"""How the program goes: members, who of them came, who came back, what they are owed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from regulars.base.tx import Tx

LOOKS_BACK: Final = timedelta(days=90)
LATELY: Final = timedelta(days=30)
# Days of members as they are prepared: unregistered cards are members, too; who went with an import
# that was taken back never came. A return alone is no visit.
_CAME: Final = """
select count(*) as came, count(*) filter (where first < last) as came_back,
       count(*) filter (where last >= $3::date) as came_lately
  from (select min(day) as first, max(day) as last from member_day
         where program_id = $1::int and day >= $2::date and (sales > 0 or visits > 0)
         group by member_id) each_one
"""
_OWED: Final = """
select wallet, sum(available + pending + held)::bigint as units
  from balance where program_id = $1::int group by wallet
"""
# The same as `HERE`, by keys alone: rows of a million members are not read for their state.
_MEMBERS: Final = """
select count(*) as members from member m
 where m.program_id = $1::int
   and not exists (select from member_alias l
                    where l.program_id = $1::int and l.member_id = m.member_id)
   and not exists (select from erasure e
                    where e.program_id = $1::int and e.member_id = m.member_id)
   and not exists (select from import_undone u
                    where u.program_id = $1::int and u.member_id = m.member_id
                      and u.made and u.state = 'undone')
"""


class Figures(Struct, frozen=True):
    """How the program goes as of a day. Shape: `owed` by the wallet's small number.

    Units: points in units of the wallet's scale.
    """

    today: date
    members: int
    came: int
    """Members who did anything today or on the 90 days before."""
    came_back: int
    """Of those, who came on more than one day."""
    came_lately: int
    """Of those, who came today or on the 30 days before."""
    owed: dict[int, int]


async def figures(tx: Tx, today: date) -> Figures:
    """The figures of a program; `today` is the shop's own day.

    Keeps: who came is told by prepared days, some seconds behind the books.
    Example: bought twice on Monday is came, and not came back.
    """
    bounds = (today - LOOKS_BACK, today - LATELY)
    (came,) = await tx.fetch(_CAME, tx.program_id, *bounds)
    owed = await tx.fetch(_OWED, tx.program_id)
    (members,) = await tx.fetch(_MEMBERS, tx.program_id)
    return Figures(
        today=today,
        members=members["members"],
        came=came["came"],
        came_back=came["came_back"],
        came_lately=came["came_lately"],
        owed={row["wallet"]: row["units"] for row in owed},
    )
