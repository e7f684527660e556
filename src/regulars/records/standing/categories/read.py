"""Look up what members bought from, and what is said of what they buy from next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.standing.categories.types import ATTRIBUTE, CategoryRun

_LAST: Final = """
select as_of, at, members, version, found from category_run
 where program_id = $1::int order by as_of desc limit 1
"""
_OF: Final = f"""
select derived ->> '{ATTRIBUTE}' as category from member
 where program_id = $1::int and member_id = $2::uuid
"""  # noqa: S608 - a name of ours
# As `category_day` has it, by member: what came back as a whole was not bought.
_BOUGHT: Final = """
with these as (
    select member_id from member_orders
     where program_id = $1::int and member_id > $2::uuid and last_on > $5::date
     order by member_id limit $3::int
), sale as (
    select a.member_id, a.amount_minor, a.body,
           (a.occurred_at at time zone coalesce(s.zone, $6::text))::date as day,
           (select array_agg(r.body -> 'returned') from activity r
             where r.program_id = $1::int and r.sale_id = a.activity_id) as back
      from these t
      join activity a on a.program_id = $1::int and a.member_id = t.member_id
      left join store s on s.program_id = $1::int and s.code = a.store
     where a.kind = 'purchase' and a.body ? 'lines'
       and a.occurred_at > ($5::date - 1)::timestamptz
)
select member_id, day - date '1970-01-01' as day, category
  from sale s
 cross join lateral (
       select l ->> 'category' as category from jsonb_array_elements(s.body -> 'lines') as l
        where s.back is null
       union all
       select category from sale_left(s.amount_minor, s.body, s.back)
        where s.back is not null and (pieces > 0 or minor > 0)) p
 where s.day > $5::date and s.day <= $4::date and p.category <> ''
 group by member_id, day, category order by member_id, day, category
"""
_NEXT: Final = """
select max(member_id::text)::uuid as last from (
    select member_id from member_orders
     where program_id = $1::int and member_id > $2::uuid and last_on > $4::date
     order by member_id limit $3::int) t
"""
_found = msgspec.json.Decoder(dict[str, Any]).decode


async def last_run(tx: Tx) -> CategoryRun | None:
    """The latest reckoning."""
    rows = await tx.fetch(_LAST, tx.program_id)
    return CategoryRun(**{**rows[0], "found": _found(rows[0]["found"])}) if rows else None


async def said_of(tx: Tx, member_id: UUID) -> str | None:
    """What is said of what a member buys from next; nothing where nothing is."""
    rows = await tx.fetch(_OF, tx.program_id, member_id)
    return rows[0]["category"] if rows else None


async def bought(
    tx: Tx, after: UUID, most: int, span: tuple[date, date], zone: str
) -> tuple[UUID | None, Sequence[Mapping[str, Any]]]:
    """The last of the next members behind `after`, and from what each bought on which day.

    Shape: `span` are the day after which and the last that is looked at.
    Units: `day` in days since 1970.
    """
    begin, until = span
    ((last,),) = [row.values() for row in await tx.fetch(_NEXT, tx.program_id, after, most, begin)]
    if last is None:
        return None, ()
    return last, await tx.fetch(_BOUGHT, tx.program_id, after, most, until, begin, zone)
