"""Queue what we tell the world, in the same transaction as what it tells of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.outbox.types import Notice

_TELL = """
insert into outbox (program_id, outbox_id, member_id, sequence, type, payload, recorded_at)
select $1::int, o.outbox_id, o.member_id, o.sequence, o.type, o.payload::jsonb, $2::timestamptz
  from unnest($3::outbox_row[]) as o
"""


# From columns, which cost less than a packed row for each event; the payload is made on the spot.
_TELL_LAPSED = """
insert into outbox (program_id, outbox_id, member_id, sequence, type, payload, recorded_at)
select $1::int, o.outbox_id, o.member_id, o.sequence, 'points.expired',
       jsonb_build_object('wallet', o.wallet, 'points', o.points, 'lot_id', o.lot_id,
                          'because', 'expiry'), $2::timestamptz
  from unnest($3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::bigint[], $8::uuid[])
       as o (outbox_id, member_id, sequence, wallet, points, lot_id)
"""


class Lapsed(NamedTuple):
    """Points of a lot that are gone since its end came."""

    member_id: UUID
    sequence: int
    wallet: str
    points: int
    lot_id: UUID


class Told(NamedTuple):
    """One event about a member; `sequence` is the standing's version it belongs to."""

    member_id: UUID
    sequence: int
    type: str
    payload: str


def tell(tx: Tx, events: Sequence[Told]) -> list[Write]:
    """Queue these events."""
    if not events:
        return []
    rows = [(tx.new_id(), *event) for event in events]
    return [Write(_TELL, (tx.program_id, tx.now, rows))]


def tell_lapsed(tx: Tx, lapsed: Sequence[Lapsed]) -> list[Write]:
    """Queue that these points lapsed, as `tell` would."""
    if not lapsed:
        return []
    ids = [tx.new_id() for _ in lapsed]
    columns = map(list, zip(*lapsed, strict=True))
    return [Write(_TELL_LAPSED, (tx.program_id, tx.now, ids, *columns))]


_MESSAGES = """
insert into message (program_id, member_id, message_id, kind, wallet, points, lapses_at,
                     recorded_at, about)
select $1::int, m.member_id, m.message_id, m.kind, m.wallet, m.points, m.lapses_at,
       $2::timestamptz, m.about
  from unnest($3::notice_row[]) as m
"""
_LOTS = """
insert into notice_lot (program_id, member_id, lot_id, message_id)
select $1::int, n.member_id, n.lot_id, n.message_id from unnest($2::notice_lot_row[]) as n
"""
# The first time counts: what was shown again was delivered before.
_DELIVERED = """
update message set delivered_at = $2::timestamptz, delivered_by = d.who
  from unnest($3::uuid[], $4::uuid[], $5::text[]) as d (member_id, message_id, who)
 where program_id = $1::int and message.member_id = d.member_id
   and message.message_id = d.message_id and delivered_at is null
"""


def post(tx: Tx, notices: Sequence[Notice]) -> list[Write]:
    """Lay these notices into their members' inboxes."""
    if not notices:
        return []
    messages = [
        (n.member_id, n.message_id, n.kind, n.wallet, n.points, n.lapses_at, n.about)
        for n in notices
    ]
    lots = [(n.member_id, lot_id, n.message_id) for n in notices for lot_id in n.lots]
    return [
        Write(_MESSAGES, (tx.program_id, tx.now, messages)),
        Write(_LOTS, (tx.program_id, lots)),
    ]


def deliver(tx: Tx, shown: Sequence[tuple[UUID, UUID, str]]) -> list[Write]:
    """These messages (member, message, who showed it) were shown to their members now."""
    if not shown:
        return []
    return [Write(_DELIVERED, (tx.program_id, tx.now, *map(list, zip(*shown, strict=True))))]
