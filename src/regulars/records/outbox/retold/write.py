"""Keep what was retold, and how far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from regulars.base.tx import Tx, Write
from regulars.records.outbox.following.read import FIRST, Place
from regulars.records.outbox.retold.types import Reach, Retold

# Somebody who wants it while others do hears from now on, too: it is retold to all of them.
_BEGIN: Final = """
insert into retold_reach as r (program_id, below_tx, after_id, cluster, floor_at, version,
                               looked_at)
select $1::int, $3::bigint, $4::uuid, $5::bigint, $6::timestamptz, $7::int, $8::timestamptz
 where not exists (select from hook h where h.program_id = $1::int and h.form = $2::text
                      and h.state <> 'deleted')
    on conflict (program_id) do update
   set below_tx = excluded.below_tx, after_id = excluded.after_id, cluster = excluded.cluster,
       floor_at = excluded.floor_at, version = excluded.version, looked_at = excluded.looked_at
"""
_REACHED: Final = """
update retold_reach set below_tx = $2::bigint, after_id = $3::uuid,
       looked_at = greatest(looked_at, $4::timestamptz)
 where program_id = $1::int
"""
# Another cluster counts its transactions anew: what was looked at there is known by its time.
_MOVED: Final = """
update retold_reach set below_tx = 0, after_id = $2::uuid, cluster = $3::bigint,
       floor_at = greatest(floor_at, looked_at)
 where program_id = $1::int
"""
_RULES: Final = "update retold_reach set version = $2::int where program_id = $1::int"
# What stands before another one may be found twice; it is told once.
_TELL: Final = """
insert into outbox (program_id, outbox_id, member_id, sequence, type, payload, recorded_at)
select $1::int, o.event_id, o.member_id, o.sequence, o.type, o.data::jsonb, o.recorded_at
  from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::timestamptz[])
       as o (event_id, member_id, sequence, type, data, recorded_at)
    on conflict (program_id, outbox_id) do nothing
"""


def begin(tx: Tx, form: str, reach: Reach) -> list[Write]:
    """From here on events are retold, unless they are already.

    Assumes: the first webhook that wants this form is not yet written.
    """
    return [Write(_BEGIN, (tx.program_id, form, *reach, tx.now))]


def reached(tx: Tx, end: Place, looked_at: datetime) -> list[Write]:
    """So far everything is retold."""
    return [Write(_REACHED, (tx.program_id, *end, looked_at))]


def moved(tx: Tx, cluster: int) -> list[Write]:
    """All that another cluster told is retold; it goes on in this one."""
    return [Write(_MOVED, (tx.program_id, FIRST, cluster))]


def rules(tx: Tx, version: int) -> list[Write]:
    """This version of the program was told of."""
    return [Write(_RULES, (tx.program_id, version))]


def tell(tx: Tx, events: Sequence[Retold]) -> list[Write]:
    """Queue these; what was retold before stays as it was."""
    if not events:
        return []
    return [Write(_TELL, (tx.program_id, *map(list, zip(*events, strict=True))))]
