"""Keep redemptions and stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from regulars.base.tx import Tx, Write
from regulars.records.rewards.types import Redemption

_OPEN = """
insert into redemption (program_id, member_id, redemption_id, reward, version, terms, state, store,
                        channel, actor, opened_at, lapses_at, closed_at)
select $1::int, r.member_id, r.redemption_id, r.reward, r.version, r.terms::jsonb, r.state,
       r.store, r.channel, r.actor, r.opened_at, r.lapses_at, r.closed_at
  from unnest($2::redemption_row[]) as r
"""
# Looked up one by one and by its key, whatever is known of the table (`offset 0` keeps it so): a
# plan made while the table was small reads the whole of it for each batch, however it has grown.
_CLOSE = """
update redemption set state = r.state, closed_at = r.closed_at
  from unnest($2::redemption_end_row[]) as r
 cross join lateral (
       select ctid as place from redemption
        where program_id = $1::int and member_id = r.member_id
          and redemption_id = r.redemption_id
       offset 0) as kept
 where redemption.ctid = kept.place
"""
_LENGTHEN = """
update redemption set lapses_at = r.lapses_at
  from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) as r (member_id, redemption_id, lapses_at)
 cross join lateral (
       select ctid as place from redemption
        where program_id = $1::int and member_id = r.member_id
          and redemption_id = r.redemption_id
       offset 0) as kept
 where redemption.ctid = kept.place
"""
_PAY = """
update redemption set state = r.state, paid_for = r.paid_for
  from unnest($2::redemption_paid_row[]) as r
 cross join lateral (
       select ctid as place from redemption
        where program_id = $1::int and member_id = r.member_id
          and redemption_id = r.redemption_id
       offset 0) as kept
 where redemption.ctid = kept.place
"""
_STOCK = """
update reward_stock set remaining = s.remaining
  from unnest($2::text[], $3::bigint[]) as s (reward, remaining)
 where reward_stock.program_id = $1::int and reward_stock.reward = s.reward
"""
_SHELVE = """
insert into reward_stock (program_id, reward, remaining)
select $1::int, s.reward, s.remaining from unnest($2::text[], $3::bigint[])
       as s (reward, remaining)
    on conflict do nothing
"""
_GONE_BEFORE = """
insert into gone_before (program_id, reward, pieces, import_id, opened_at)
select $1::int, g.reward, g.pieces, $2::uuid, $3::timestamptz
  from unnest($4::text[], $5::bigint[]) as g (reward, pieces)
"""
_encode = msgspec.json.Encoder().encode


def open_redemptions(tx: Tx, redemptions: Sequence[Redemption]) -> list[Write]:
    """Keep new redemptions with the terms they were promised under."""
    if not redemptions:
        return []
    rows = [
        (
            r.member_id, r.redemption_id, r.reward, r.version, _encode(r.promised).decode(),
            r.state, r.store, r.channel, r.actor, r.opened_at, r.lapses_at, r.closed_at,
        )
        for r in redemptions
    ]  # fmt: skip
    return [Write(_OPEN, (tx.program_id, rows), rows=_ids(redemptions))]


def close_redemptions(tx: Tx, redemptions: Sequence[Redemption]) -> list[Write]:
    """Keep how redemptions ended."""
    if not redemptions:
        return []
    rows = [(r.member_id, r.redemption_id, r.state, r.closed_at) for r in redemptions]
    return [Write(_CLOSE, (tx.program_id, rows), rows=_ids(redemptions))]


def keep_longer(tx: Tx, redemptions: Sequence[Redemption]) -> list[Write]:
    """Keep until when these are reserved from now on; what is held for them is told beside."""
    if not redemptions:
        return []
    rows = [(r.member_id, r.redemption_id, r.lapses_at) for r in redemptions]
    return [
        Write(
            _LENGTHEN, (tx.program_id, *map(list, zip(*rows, strict=True))), rows=_ids(redemptions)
        )
    ]


def keep_paid(tx: Tx, redemptions: Sequence[Redemption]) -> list[Write]:
    """Keep which sale redemptions paid for, and that they came back with it."""
    if not redemptions:
        return []
    rows = [(r.member_id, r.redemption_id, r.state, r.paid_for) for r in redemptions]
    return [Write(_PAY, (tx.program_id, rows), rows=_ids(redemptions))]


def _ids(redemptions: Sequence[Redemption]) -> set[UUID]:
    return {one.redemption_id for one in redemptions}


def keep_stock(tx: Tx, remaining: Mapping[str, int]) -> list[Write]:
    """Keep what is left of rewards whose row this transaction holds."""
    if not remaining:
        return []
    return [Write(_STOCK, (tx.program_id, list(remaining), list(remaining.values())))]


def shelve(tx: Tx, stock: Mapping[str, int]) -> list[Write]:
    """Put rewards on the shelf for the first time; what is there already stays as it is."""
    if not stock:
        return []
    return [Write(_SHELVE, (tx.program_id, list(stock), list(stock.values())))]


def keep_gone(tx: Tx, import_id: UUID, gone: Mapping[str, int]) -> list[Write]:
    """Keep how many pieces of these shelves, which are held, were gone before they came here."""
    if not gone:
        return []
    pieces = (list(gone), list(gone.values()))
    return [Write(_GONE_BEFORE, (tx.program_id, import_id, tx.now, *pieces))]
