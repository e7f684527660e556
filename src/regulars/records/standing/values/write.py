"""Keep what members are worth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.standing.values.types import SAID, Run, Value

_VALUES = """
insert into member_value (program_id, member_id, as_of, chance, orders, worth_minor, since, gap,
                          health, worth, soon_minor, tier)
select $1::int, v.*, coalesce((select s.tier from standing s
                                where s.program_id = $1::int and s.member_id = v.member_id), '')
  from unnest($2::uuid[], $3::date[], $4::smallint[], $5::int[], $6::bigint[], $7::int[],
              $8::int[], $9::text[], $10::text[], $11::bigint[])
       as v (member_id, as_of, chance, orders, worth_minor, since, gap, health, worth, soon_minor)
 where exists (select from member m where m.program_id = $1::int and m.member_id = v.member_id
                                      and m.state not in ('erased', 'merged'))
    on conflict (program_id, member_id) do update
   set as_of = excluded.as_of, chance = excluded.chance, orders = excluded.orders,
       worth_minor = excluded.worth_minor, since = excluded.since, gap = excluded.gap,
       health = excluded.health, worth = excluded.worth, soon_minor = excluded.soon_minor,
       tier = excluded.tier
"""
# What we say of a member changes only where it is other than before: of most it is not, each day.
# It is put into the row as it is when it is written: what somebody else says meanwhile stays.
_SAY = """
with asked as materialized (
    select v.member_id, jsonb_strip_nulls(jsonb_build_object(
               'value-health', v.health, 'value-worth', v.worth,
               'value-recency', nullif(substr(v.scores, 1, 1), ''),
               'value-frequency', nullif(substr(v.scores, 2, 1), ''),
               'value-money', nullif(substr(v.scores, 3, 1), ''))) as said
      from unnest($2::uuid[], $3::text[], $4::text[], $5::text[])
           as v (member_id, health, worth, scores)
)
update member m
   set derived = nullif((coalesce(m.derived, '{}'::jsonb) - $6::text[]) || a.said, '{}'::jsonb)
  from asked a
 where m.program_id = $1::int and m.member_id = a.member_id
   and m.state not in ('erased', 'merged')
   and m.derived is distinct from
       nullif((coalesce(m.derived, '{}'::jsonb) - $6::text[]) || a.said, '{}'::jsonb)
"""
_OLD = """
with gone as (
    delete from member_value where ctid = any(array(
        select ctid from member_value
         where program_id = $1::int and as_of < $2::date limit $3::int))
    returning member_id
), unsaid as (
    update member m
       set derived = nullif(m.derived - $4::text[], '{}'::jsonb)
      from gone g
     where m.program_id = $1::int and m.member_id = g.member_id and m.derived is not null
)
select count(*) as gone from gone
"""
_RUN = """
insert into value_run (program_id, as_of, at, members, model, found, cuts)
values ($1::int, $2::date, $3::timestamptz, $4::int, $5::text, $6::text::jsonb, $7::text::jsonb)
    on conflict (program_id, as_of) do update
   set at = excluded.at, members = excluded.members, model = excluded.model,
       found = excluded.found, cuts = excluded.cuts
"""
_CUT_BEFORE = """
update value_run set cuts = null
 where program_id = $1::int and as_of < $2::date and cuts is not null
"""


def keep_values(tx: Tx, these: Sequence[Value], scores: Sequence[str]) -> list[Write]:
    """These members are worth this from now on, and it is said of them, with their `scores`."""
    columns = [
        [getattr(one, name) for one in these]
        for name in ("member_id", "as_of", "chance", "orders", "worth_minor", "since", "gap",
                     "health", "worth", "soon_minor")
    ]  # fmt: skip
    ids, health, worth = columns[0], columns[7], columns[8]
    return [
        Write(_VALUES, (tx.program_id, *columns)),
        Write(_SAY, (tx.program_id, ids, health, worth, list(scores), list(SAID))),
    ]


async def forget_before(tx: Tx, as_of: date, most: int) -> int:
    """Values that were reckoned before this day go, so many at most; how many went."""
    rows = await tx.fetch(_OLD, tx.program_id, as_of, most, list(SAID))
    return int(rows[0]["gone"])


def keep_run(tx: Tx, run: Run) -> list[Write]:
    """This day was reckoned; what values came to by each cut is of the last day only."""
    found = msgspec.json.encode(run.found).decode()
    cuts = None if run.cuts is None else msgspec.json.encode(run.cuts).decode()
    told = tx.program_id, run.as_of, run.at, run.members, run.model, found, cuts
    earlier = Write(_CUT_BEFORE, (tx.program_id, run.as_of), rows=["days before"])
    return [Write(_RUN, told, rows=[run.as_of]), earlier]
