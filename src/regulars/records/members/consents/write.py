"""Keep what members said about channels."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.members.consents.types import Consent

_KEEP = """
insert into consent (program_id, member_id, channel, state, source, changed_at, recorded_at)
select $1::int, c.member_id, c.channel, c.state, c.source, c.changed_at, $2::timestamptz
  from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
       as c (member_id, channel, state, source, changed_at)
    on conflict do nothing
"""

_TOLD_ANEW = """
update identifier i set linked_at = $3::timestamptz
 where i.program_id = $1::int and i.member_id = $2::uuid and i.kind in ('email', 'phone')
   and not exists (
       select from (
              select c.state, c.recorded_at from consent c
               where c.program_id = $1::int and c.member_id = i.member_id
                 and c.channel = case i.kind when 'email' then 'email' else 'sms' end
               order by c.changed_at desc limit 1) said
        where said.state = 'given' and i.linked_at <= said.recorded_at)
"""


def keep(tx: Tx, consents: Sequence[Consent]) -> list[Write]:
    """Keep these words; one that is kept already stays as it is."""
    if not consents:
        return []
    return [Write(_KEEP, (tx.program_id, tx.now, *map(list, zip(*consents, strict=True))))]


def tell_anew(tx: Tx, member_id: UUID) -> list[Write]:
    """The addresses of this member are as if they were told this moment, but for those that were
    known when they said the yes that stands for their channel."""
    return [Write(_TOLD_ANEW, (tx.program_id, member_id, tx.now))]
