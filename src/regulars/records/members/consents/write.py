"""Keep what members said about channels."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
update identifier set linked_at = $4::timestamptz
 where program_id = $1::int and member_id = $2::uuid
   and (kind = 'email' and 'email' <> all($3::text[])
        or kind = 'phone' and 'sms' <> all($3::text[]))
"""


def keep(tx: Tx, consents: Sequence[Consent]) -> list[Write]:
    """Keep these words; one that is kept already stays as it is."""
    if not consents:
        return []
    return [Write(_KEEP, (tx.program_id, tx.now, *map(list, zip(*consents, strict=True))))]


def tell_anew(tx: Tx, member_id: UUID, given: Collection[str]) -> list[Write]:
    """The addresses of this member are as if they were told this moment, but for the channels that
    they agreed to."""
    return [Write(_TOLD_ANEW, (tx.program_id, member_id, sorted(given), tx.now))]
