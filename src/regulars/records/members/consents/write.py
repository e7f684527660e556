"""Keep what members said about channels."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx, Write
from regulars.records.members.consents.types import Consent

_KEEP = """
insert into consent (program_id, member_id, channel, state, source, changed_at, recorded_at)
select $1::int, c.member_id, c.channel, c.state, c.source, c.changed_at, $2::timestamptz
  from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
       as c (member_id, channel, state, source, changed_at)
    on conflict do nothing
"""


def keep(tx: Tx, consents: Sequence[Consent]) -> list[Write]:
    """Keep these words; one that is kept already stays as it is."""
    if not consents:
        return []
    return [Write(_KEEP, (tx.program_id, tx.now, *map(list, zip(*consents, strict=True))))]
