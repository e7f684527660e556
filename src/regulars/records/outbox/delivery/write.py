"""Put messages on their way, and keep what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.outbox.delivery.types import Choosable, Wanted, Ways
from regulars.records.outbox.following.read import FIRST, Horizon, Place

_SEND = """
insert into delivery (program_id, delivery_id, member_id, cause_id, kind, channel, address, state,
                      try_at, best_before, recorded_at)
select $1::int, d.delivery_id, d.member_id, d.cause_id, d.kind, d.channel, d.address, 'waiting',
       coalesce(d.goes_at, $2::timestamptz), d.best_before, $2::timestamptz
  from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::bytea[],
              $9::timestamptz[], $10::timestamptz[])
       as d (delivery_id, member_id, cause_id, kind, channel, address, best_before, goes_at)
    on conflict (program_id, cause_id) do nothing
"""
_BEGIN = """
insert into delivery_reach (program_id, below_tx, after_id, cluster, looked_at, floor_at)
values ($1::int, $2::bigint, $3::uuid, $4::bigint, $5::timestamptz, $6::timestamptz)
    on conflict (program_id) do nothing
"""
_REACHED = """
update delivery_reach set below_tx = $2::bigint, after_id = $3::uuid,
       looked_at = greatest(looked_at, $4::timestamptz)
 where program_id = $1::int
"""
# Another cluster counts its transactions anew: what was looked at there is known by its time.
_MOVED = """
update delivery_reach set below_tx = 0, after_id = $2::uuid, cluster = $3::bigint,
       floor_at = greatest(floor_at, looked_at)
 where program_id = $1::int
"""
_TAKEN = """
update delivery d set attempts = t.attempts, try_at = t.try_at
  from unnest($2::uuid[], $3::smallint[], $4::timestamptz[]) as t (delivery_id, attempts, try_at)
 where d.program_id = $1::int and d.delivery_id = t.delivery_id and d.state = 'waiting'
"""
# An answer counts for the try it belongs to; what came late says nothing about the next one.
_SENT = """
update delivery d set state = 'sent', reason = '', settled_at = $2::timestamptz
  from unnest($3::uuid[], $4::smallint[]) as r (delivery_id, attempts)
 where d.program_id = $1::int and d.delivery_id = r.delivery_id and d.state = 'waiting'
   and d.attempts = r.attempts
"""
_PARK = """
update delivery d set state = 'parked', reason = r.reason, settled_at = $2::timestamptz
  from unnest($3::uuid[], $4::smallint[], $5::text[]) as r (delivery_id, attempts, reason)
 where d.program_id = $1::int and d.delivery_id = r.delivery_id and d.state = 'waiting'
   and d.attempts = r.attempts
"""
_LATER = """
update delivery d set reason = r.reason, try_at = r.try_at
  from unnest($2::uuid[], $3::smallint[], $4::text[], $5::timestamptz[])
       as r (delivery_id, attempts, reason, try_at)
 where d.program_id = $1::int and d.delivery_id = r.delivery_id and d.state = 'waiting'
   and d.attempts = r.attempts
"""
_AGAIN = """
update delivery set state = 'waiting', reason = '', attempts = 0, settled_at = null,
                    try_at = $2::timestamptz, best_before = $3::timestamptz
 where program_id = $1::int and state = 'parked' and delivery_id = any($4::uuid[])
"""
_CHOOSE = """
insert into message_choice (program_id, member_id, kind, ways, changed_at)
select $1::int, c.member_id, c.kind, c.ways, $2::timestamptz
  from unnest($3::uuid[], $4::text[], $5::text[]) as c (member_id, kind, ways)
    on conflict (program_id, member_id, kind) do update
   set ways = excluded.ways, changed_at = excluded.changed_at
"""
_SAY = """
insert into message_words (program_id, language, phrase, says, changed_at)
values ($1::int, $2::text, $3::text, $4::text, $5::timestamptz)
    on conflict (program_id, language, phrase) do update
   set says = excluded.says, changed_at = excluded.changed_at
"""
_UNSAY = """
delete from message_words where program_id = $1::int and language = $2::text and phrase = $3::text
"""
_SWEEP = """
delete from delivery where program_id = $1::int and state <> 'waiting'
   and settled_at < $2::timestamptz
"""


def send(tx: Tx, wanted: Sequence[Wanted]) -> list[Write]:
    """Put these on their way; of one cause, one message. Nothing wanted is the same statement."""
    columns = [[tx.new_id() for _ in wanted]]
    for name in ("member_id", "cause_id", "kind", "channel", "address", "best_before", "goes_at"):
        columns.append([getattr(one, name) for one in wanted])
    return [Write(_SEND, (tx.program_id, tx.now, *columns))]


def begin(tx: Tx, here: Horizon, floor_at: datetime) -> list[Write]:
    """From here on the events of this program are looked at."""
    told = (here.below_tx, FIRST, here.cluster, tx.now, floor_at)
    return [Write(_BEGIN, (tx.program_id, *told))]


def reached(tx: Tx, end: Place, looked_at: datetime) -> list[Write]:
    """The events were looked at up to here."""
    return [Write(_REACHED, (tx.program_id, *end, looked_at))]


def moved(tx: Tx, cluster: int) -> list[Write]:
    """All that another cluster told was looked at; it goes on in this one."""
    return [Write(_MOVED, (tx.program_id, FIRST, cluster))]


def take(tx: Tx, taken: Sequence[tuple[UUID, int, datetime]]) -> list[Write]:
    """These (delivery, which try) are being sent; whoever finds them later takes them from then."""
    if not taken:
        return []
    columns = [list(column) for column in zip(*taken, strict=True)]
    return [Write(_TAKEN, (tx.program_id, *columns), rows=columns[0])]


def sent(tx: Tx, done: Sequence[tuple[UUID, int]]) -> list[Write]:
    """These (delivery, which try) are out."""
    if not done:
        return []
    columns = [list(column) for column in zip(*done, strict=True)]
    return [Write(_SENT, (tx.program_id, tx.now, *columns), rows=columns[0])]


def park(tx: Tx, why: Sequence[tuple[UUID, int, str]]) -> list[Write]:
    """These (delivery, which try, reason) are not tried again by themselves."""
    if not why:
        return []
    columns = [list(column) for column in zip(*why, strict=True)]
    return [Write(_PARK, (tx.program_id, tx.now, *columns), rows=columns[0])]


def later(tx: Tx, why: Sequence[tuple[UUID, int, str, datetime]]) -> list[Write]:
    """These (delivery, which try, reason, when) are tried again."""
    if not why:
        return []
    columns = [list(column) for column in zip(*why, strict=True)]
    return [Write(_LATER, (tx.program_id, *columns), rows=columns[0])]


def again(tx: Tx, ids: Sequence[UUID], best_before: datetime) -> list[Write]:
    """What was parked is tried again, as if for the first time."""
    return [Write(_AGAIN, (tx.program_id, tx.now, best_before, list(ids)))] if ids else []


def choose(tx: Tx, chosen: Sequence[tuple[UUID, Choosable, Ways]]) -> list[Write]:
    """These members (the nil uuid: the shop) want these messages in these ways."""
    last = {(member_id, kind): ways for member_id, kind, ways in chosen}
    if not last:
        return []
    rows = [(*key, ways) for key, ways in last.items()]
    return [Write(_CHOOSE, (tx.program_id, tx.now, *map(list, zip(*rows, strict=True))))]


def say(tx: Tx, language: str, phrase: str, says: str) -> list[Write]:
    """The shop's own words for a phrase; no words, and ours are used again."""
    if not says:
        return [Write(_UNSAY, (tx.program_id, language, phrase))]
    return [Write(_SAY, (tx.program_id, language, phrase, says, tx.now))]


def sweep(tx: Tx, before: datetime) -> list[Write]:
    """Forget what was settled before this instant."""
    return [Write(_SWEEP, (tx.program_id, before))]
