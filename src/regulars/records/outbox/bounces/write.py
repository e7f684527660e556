"""Keep that letters to an address come back, and that they arrive again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from regulars.base.tx import Tx, Write
from regulars.records.outbox.bounces.types import Bounce, gravest

_MOST_KEPT: Final = 20
"""Instants of letters that failed for now; nobody can ask for more of them (`soft_bounces`)."""
# So many that failed for now, of the last days, and the address is marked like one that is wrong.
_ENOUGH: Final = "s.kind = 'soft' and $8::int > 0 and cardinality(s.soft_at) >= $8::int"
_MARK: Final = f"""
with told as (
    select b.*, array(select f.at from unnest($10::bytea[], $11::timestamptz[]) as f (address, at)
                       where f.address = b.address and b.kind = 'soft') as these
      from unnest($2::bytea[], $3::uuid[], $4::text[], $5::timestamptz[], $6::text[], $7::int[])
           as b (address, member_id, reason, bounced_at, kind, times)),
s as (
    select t.*, array(select at from unnest(t.these || o.soft_at) as u (at)
                       where at > greatest(t.bounced_at, (select max(last) from
                                           unnest(t.these || o.soft_at) as l (last)))
                                  - $9::interval
                       order by at desc limit {_MOST_KEPT}) as soft_at
      from told t
      left join bounced_address o on o.program_id = $1::int and o.address = t.address)
insert into bounced_address (program_id, address, member_id, reason, bounced_at, kind, times,
                             soft_at)
select $1::int, s.address, s.member_id, s.reason, s.bounced_at,
       case when {_ENOUGH} then 'hard' else s.kind end, s.times,
       case when s.kind = 'soft' then s.soft_at else '{{}}' end
  from s
    on conflict (program_id, address) do update
   set member_id = excluded.member_id, reason = excluded.reason, kind = excluded.kind,
       bounced_at = case when excluded.kind = 'complaint' then excluded.bounced_at
                         else greatest(excluded.bounced_at, bounced_address.bounced_at) end,
       soft_at = excluded.soft_at,
       times = case when cardinality(excluded.soft_at) > 0 then bounced_address.times else 0 end
               + excluded.times
 where excluded.kind = 'complaint' and bounced_address.kind <> 'complaint'
    or bounced_address.kind = 'soft'
"""  # noqa: S608
_CLEAR: Final = (
    "delete from bounced_address where program_id = $1::int and address = any($2::bytea[])"
)


class Patience(NamedTuple):
    """After how many letters that failed for now, within how long, an address is left alone; after
    0 never."""

    times: int = 0
    within: timedelta = timedelta(days=30)


UNENDING: Final = Patience()


def mark(tx: Tx, bounces: Sequence[Bounce], patience: Patience = UNENDING) -> list[Write]:
    """Letters to these addresses come back.

    Order: what weighs more takes the place of what weighs less; of two alike the first stays, and
    soft ones are counted, until there are enough of them. Two who count at once may each see
    one less; the next one that fails is counted after both.
    """
    if not bounces:
        return []
    columns = [
        tuple(getattr(one, name) for name in Bounce.__struct_fields__) for one in gravest(bounces)
    ]
    soft = [one for one in bounces if one.kind == "soft"]
    failed = ([one.address for one in soft], [one.bounced_at for one in soft])
    told = map(list, zip(*columns, strict=True))
    return [Write(_MARK, (tx.program_id, *told, *patience, *failed))]


def clear(tx: Tx, addresses: Collection[bytes]) -> list[Write]:
    """These addresses were confirmed: they are written to again."""
    return [Write(_CLEAR, (tx.program_id, sorted(addresses)))] if addresses else []
