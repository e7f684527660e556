"""Look up choices, what came of them, and who is to be chosen for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.program.changes.choices.types import Choice, Drawn, Expects, Seen

YEAR: Final = timedelta(days=365)
_COLUMNS = """
select choice_id, code, name, segment_id, offers, nothing, explore_percent, days, state, version,
       made_at, made_by, opened_at, opened_by, closed_at, closed_by, line_minor,
       expects::text as expects, expects_on, chosen_after, chosen_at
  from offer_choice where program_id = $1::int
"""
_ALL = f"{_COLUMNS} order by made_at desc, code"
_ONE = f"{_COLUMNS} and code = $2::text"
_OPEN = f"{_COLUMNS} and state = 'open' order by opened_at, code"
_OF_SEGMENT = """
select code from offer_choice
 where program_id = $1::int and segment_id = $2::uuid and state <> 'closed'
 order by code
"""
_COUNTS = """
select arm, count(*) as members from offer_choice_made
 where program_id = $1::int and choice_id = $2::uuid group by 1
"""
# What counts is over: whoever was chosen for lately has still days to buy in.
_SEEN = """
select c.cell, c.arm, c.chance, count(*) as many, coalesce(sum(d.brought), 0)::bigint as brought
  from offer_choice_made c
  left join member_alias l on l.program_id = $1::int and l.member_id = c.member_id
  left join lateral (
       select sum(net_minor) as brought from member_day
        where program_id = $1::int and member_id = coalesce(l.into_id, c.member_id)
          and day >= c.chosen_on and day < c.chosen_on + $4::int) d on true
 where c.program_id = $1::int and c.choice_id = $2::uuid and c.chosen_on + $4::int <= $3::date
 group by 1, 2, 3
"""
# Half of the segment spent more than this in a year, of those who bought at all.
_LINE = """
with spent as (
    select d.member_id, sum(d.net_minor) as minor
      from segment_member s
      join member_day d on d.program_id = $1::int and d.member_id = s.member_id
     where s.program_id = $1::int and s.segment_id = $2::uuid
       and d.day >= $3::date and d.day < $4::date
     group by 1 having count(*) filter (where d.orders > 0) > 0
)
select coalesce(percentile_disc(0.5) within group (order by minor), 0)::bigint as line from spent
"""
# The next members of its segment; who is chosen for now, the rest of them being done with: chosen
# for already, held out of everything, blocked, or with one of its offers. Locked in the order of
# ids until they have what was chosen. A cell is how lately (0 never, 1 long ago to 3 this month),
# how often (0 once, 1, 2 five times) and how much (1 the larger half): 321.
_DRAW = """
with part as materialized (
    select member_id from segment_member
     where program_id = $1::int and segment_id = $3::uuid and member_id > $4::uuid
     order by member_id limit $5::int
), free as materialized (
    select m.member_id from member m join part p using (member_id)
     where m.program_id = $1::int and m.state in ('active', 'unregistered')
       and not exists (select from offer_choice_made c
                        where c.program_id = $1::int and c.choice_id = $2::uuid
                          and c.member_id = p.member_id)
       and not exists (select from offer_member o
                        where o.program_id = $1::int and o.offer_id = any($6::uuid[])
                          and o.member_id = p.member_id)
       and not exists (select from experiment_member x
                         join experiment e using (program_id, experiment_id)
                        where x.program_id = $1::int and x.member_id = p.member_id and x.arm = 0
                          and e.kind = 'everybody' and e.begun_at is not null
                          and e.ended_at is null)
     order by m.member_id for update of m
), bought as (
    select f.member_id, max(d.day) filter (where d.orders > 0) as last_on,
           count(distinct d.day) filter (where d.orders > 0) as often,
           coalesce(sum(d.net_minor), 0) as minor
      from free f
      left join member_day d on d.program_id = $1::int and d.member_id = f.member_id
       and d.day >= $7::date and d.day < $8::date
     group by 1
), said as (
    select b.member_id, sha256(uuid_send($2::uuid) || uuid_send(b.member_id)) as digest,
           case when last_on is null then 0
                else 100 * case when $8::date - last_on <= 30 then 3
                                when $8::date - last_on <= 90 then 2 else 1 end
                     + 10 * case when often >= 5 then 2 when often >= 2 then 1 else 0 end
                     + (minor >= $9::bigint)::int end as cell
      from bought b
)
select member_id, cell,
       ('x' || encode(substring(digest from 1 for 4), 'hex'))::bit(32)::bigint as which,
       ('x' || encode(substring(digest from 5 for 4), 'hex'))::bit(32)::bigint as whether
  from said order by member_id
"""
_PART = """
select count(*) as many, (array_agg(member_id order by member_id desc))[1] as last
  from (select member_id from segment_member
         where program_id = $1::int and segment_id = $2::uuid and member_id > $3::uuid
         order by member_id limit $4::int) p
"""
_expects = msgspec.json.Decoder(Expects).decode


async def choices(tx: Tx) -> list[Choice]:
    """Every choice, the latest first."""
    return [_choice(row) for row in await tx.fetch(_ALL, tx.program_id)]


async def choice(tx: Tx, code: str) -> Choice | None:
    """The choice of this code."""
    rows = await tx.fetch(_ONE, tx.program_id, code)
    return _choice(rows[0]) if rows else None


async def opened(tx: Tx) -> list[Choice]:
    """Choices that members are chosen for by, the oldest first."""
    return [_choice(row) for row in await tx.fetch(_OPEN, tx.program_id)]


async def of_segment(tx: Tx, segment_id: UUID) -> list[str]:
    """The codes of choices for who is in this segment, that are not closed."""
    return [row["code"] for row in await tx.fetch(_OF_SEGMENT, tx.program_id, segment_id)]


async def counts(tx: Tx, one: Choice) -> list[int]:
    """For how many members each was chosen, in its order."""
    rows = await tx.fetch(_COUNTS, tx.program_id, one.choice_id)
    found = {row["arm"]: row["members"] for row in rows}
    return [found.get(arm, 0) for arm in range(len(one.among))]


async def seen(tx: Tx, one: Choice, today: date) -> list[Seen]:
    """What each brought of members of each cell, as far as their days are over."""
    rows = await tx.fetch(_SEEN, tx.program_id, one.choice_id, today, one.days)
    return [Seen(**row) for row in rows]


async def line(tx: Tx, segment_id: UUID, today: date) -> int:
    """What half of a segment spent more than in a year, in minor units."""
    rows = await tx.fetch(_LINE, tx.program_id, segment_id, today - YEAR, today)
    return int(rows[0]["line"])


async def part(tx: Tx, one: Choice, after: UUID, most: int) -> tuple[int, UUID | None]:
    """How many members of its segment come next, and the last of them."""
    row = (await tx.fetch(_PART, tx.program_id, one.segment_id, after, most))[0]
    return row["many"], row["last"]


async def drawn(tx: Tx, one: Choice, today: date, after: UUID, most: int) -> Sequence[Drawn]:
    """Whom of the next members of its segment is to be chosen for, and what chance drew."""
    rows = await tx.fetch(
        _DRAW, tx.program_id, one.choice_id, one.segment_id, after, most, list(one.offers),
        today - YEAR, today, one.line_minor,
    )  # fmt: skip
    return [Drawn(**row) for row in rows]


def _choice(row: Mapping[str, Any]) -> Choice:
    expects = None if row["expects"] is None else _expects(row["expects"])
    return Choice(**{**row, "offers": tuple(row["offers"]), "expects": expects})
