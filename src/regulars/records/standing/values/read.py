"""Look up what members are worth, and orders to reckon it from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.standing.values.types import Run, Value

_LAST = """
select as_of, at, members, model, found from value_run
 where program_id = $1::int order by as_of desc limit 1
"""
_CUTS = """
select cuts is not null as there,
       case when $3::text is null then cuts -> 'all' else cuts -> 'in' -> $3::text end as cuts
  from value_run where program_id = $1::int and as_of = $2::date
"""
_OF = """
select member_id, chance, orders, worth_minor, since, gap, health, worth, as_of,
       soon_minor
  from member_value
 where program_id = $1::int and member_id = any($2::uuid[])
"""
# In the order of its index: of a night either all of a shop have a worth or none.
_SLIPPING = """
select member_id, chance, orders, worth_minor, since, gap, health, worth, as_of,
       soon_minor
  from member_value
 where program_id = $1::int and health = 'slipping'
 order by worth_minor desc, orders desc, member_id limit $2::int
"""
_ORDERS = """
with these as (
    select member_id from member_orders
     where program_id = $1::int and member_id > $2::uuid order by member_id limit $3::int
)
select d.member_id, d.day - date '1970-01-01' as day, sum(d.net_minor)::bigint as net
  from member_day d join these t using (member_id)
 where d.program_id = $1::int and d.orders > 0 and d.day <= $4::date
 group by d.member_id, d.day order by d.member_id, d.day
"""
_BOUGHT = """
select member_id, orders, net_minor from member_orders
 where program_id = $1::int and member_id = any($2::uuid[])
"""
_cuts = msgspec.json.Decoder(list[list[Any]]).decode
_found = msgspec.json.Decoder(dict[str, Any]).decode


class Bought(NamedTuple):
    """How often somebody ordered so far, and for how much in minor units, net of returns."""

    member_id: UUID
    orders: int
    net_minor: int


async def last_run(tx: Tx) -> Run | None:
    """The latest reckoning."""
    rows = await tx.fetch(_LAST, tx.program_id)
    return Run(**{**rows[0], "found": _found(rows[0]["found"])}) if rows else None


async def cuts(tx: Tx, as_of: date, store: str | None) -> list[list[Any]] | None:
    """What the values of a night came to by each cut, of everybody or of who ordered in a store
    (nothing in it where nobody did); None where that night kept none."""
    (row,) = await tx.fetch(_CUTS, tx.program_id, as_of, store)
    return (_cuts(row["cuts"]) if row["cuts"] else []) if row["there"] else None


async def values(tx: Tx, members: Sequence[UUID]) -> dict[UUID, Value]:
    """What these are worth; whoever has no order has none."""
    rows = await tx.fetch(_OF, tx.program_id, list(members))
    return {row["member_id"]: Value(**row) for row in rows}


async def bought(tx: Tx, members: Sequence[UUID]) -> dict[UUID, Bought]:
    """What these bought so far, who ever ordered."""
    rows = await tx.fetch(_BOUGHT, tx.program_id, list(members))
    return {row["member_id"]: Bought(*row.values()) for row in rows}


async def slipping(tx: Tx, most: int) -> list[Value]:
    """Those who slip away, who are worth most first; of whom nobody can say what, those who order
    most."""
    return [Value(**row) for row in await tx.fetch(_SLIPPING, tx.program_id, most)]


async def orders(tx: Tx, after: UUID, most: int, until: date) -> Sequence[Mapping[str, Any]]:
    """Days with an order of the next members behind `after`, by member and day.

    Units: `day` in days since 1970, `net` what is left of it in minor units.
    """
    return await tx.fetch(_ORDERS, tx.program_id, after, most, until)
