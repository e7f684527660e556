"""Append to the books and keep the caches that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.ledger.types import (
    Balance,
    Courtesy,
    Entry,
    Hold,
    Lot,
    LotMove,
    Postponement,
)

_ENTRIES = """
insert into entry (program_id, member_id, entry_id, kind, cause_id, reverses, occurred_at,
                   recorded_at, actor, reason)
select $1::int, e.member_id, e.entry_id, e.kind, e.cause_id, e.reverses, e.occurred_at,
       $2::timestamptz, e.actor, e.reason
  from unnest($3::entry_row[]) as e
"""
_POSTINGS = """
insert into posting (program_id, member_id, entry_id, line, wallet, account, amount)
select $1::int, p.member_id, p.entry_id, p.line, p.wallet, p.account, p.amount
  from unnest($2::posting_row[]) as p
"""
_LOTS = """
insert into lot (program_id, member_id, wallet, lot_id, entry_id, cause_id, version, amount,
                 remaining, pinned, earned_at, expires_at)
select $1::int, l.*
  from unnest($2::lot_row[]) as l
"""
_LOTS_WAITING = """
insert into lot (program_id, member_id, wallet, lot_id, entry_id, cause_id, version, amount,
                 remaining, pinned, earned_at, expires_at, state, activates_at, cancels_at)
select $1::int, l.*
  from unnest($2::lot_waiting_row[]) as l
"""
_LOTS_TURNED = """
update lot set remaining = l.remaining, pinned = l.pinned, expires_at = l.expires_at,
               state = l.state, activates_at = l.activates_at
  from unnest($2::lot_turn_row[]) as l
 where lot.program_id = $1::int and lot.member_id = l.member_id and lot.wallet = l.wallet
   and lot.lot_id = l.lot_id
"""
_LOTS_CHANGED = """
update lot set remaining = l.remaining, pinned = l.pinned
  from unnest($2::lot_change_row[]) as l
 where lot.program_id = $1::int and lot.member_id = l.member_id and lot.wallet = l.wallet
   and lot.lot_id = l.lot_id
"""
_COURTESIES = """
insert into courtesy (program_id, member_id, entry_id, kind, lot_id, wallet, points, from_at,
                      to_at, cost_minor)
select $1::int, c.*
  from unnest($2::courtesy_row[]) as c
"""
_MOVES = """
insert into lot_move (program_id, member_id, entry_id, lot_id, wallet, delta)
select $1::int, m.*
  from unnest($2::lot_move_row[]) as m
"""
_HOLDS = """
insert into hold (program_id, member_id, hold_id, redemption_id, wallet, amount, state,
                  opened_at, lapses_at, captured, closed_at)
select $1::int, h.*
  from unnest($2::hold_row[]) as h
"""
_HOLD_LOTS = """
insert into hold_lot (program_id, member_id, hold_id, lot_id, amount)
select $1::int, h.*
  from unnest($2::hold_lot_row[]) as h
"""
# By its key, also where a plan was made while the table was small (see records/rewards/write.py).
_HOLDS_CLOSED = """
update hold set state = h.state, captured = h.captured, closed_at = h.closed_at
  from unnest($2::hold_end_row[]) as h
 cross join lateral (
       select ctid as place from hold
        where program_id = $1::int and member_id = h.member_id and hold_id = h.hold_id
       offset 0) as kept
 where hold.ctid = kept.place
"""
_HOLDS_LONGER = """
update hold set lapses_at = h.lapses_at
  from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) as h (member_id, hold_id, lapses_at)
 cross join lateral (
       select ctid as place from hold
        where program_id = $1::int and member_id = h.member_id and hold_id = h.hold_id
       offset 0) as kept
 where hold.ctid = kept.place
"""
_BALANCES = """
insert into balance (program_id, member_id, wallet, available, pending, held, debt, earned,
                     last_qualifying_at)
select $1::int, b.*
  from unnest($2::balance_row[]) as b
    on conflict (program_id, member_id, wallet) do update
   set available = excluded.available, pending = excluded.pending, held = excluded.held,
       debt = excluded.debt, earned = excluded.earned,
       last_qualifying_at = excluded.last_qualifying_at
"""

_POSTPONED = """
insert into postponement (program_id, member_id, entry_id, lot_id, wallet, points, from_at, to_at)
select $1::int, p.* from unnest($2::postponement_row[]) as p
"""


def _rows(tx: Tx, sql: str, rows: Iterable[tuple[Any, ...]], *before: Any) -> list[Write]:
    travelling = list(rows)
    return [Write(sql, (tx.program_id, *before, travelling))] if travelling else []


def _named(tx: Tx, sql: str, rows: Iterable[tuple[Any, ...]], key: int) -> list[Write]:
    """The same where others of that table may be written in the same round: which ones, by the id
    in this column."""
    travelling = list(rows)
    ids = {row[key] for row in travelling}
    return [Write(sql, (tx.program_id, travelling), rows=ids)] if travelling else []


def append(tx: Tx, entries: Sequence[Entry]) -> list[Write]:
    """Book these entries with both their sides."""
    heads = [
        (e.entry_id, e.member_id, e.kind, e.cause_id, e.reverses, e.occurred_at, e.actor, e.reason)
        for e in entries
    ]
    sides = [
        (e.member_id, e.entry_id, line, *posting)
        for e in entries
        for line, posting in enumerate(e.postings)
    ]
    return _rows(tx, _ENTRIES, heads, tx.now) + _rows(tx, _POSTINGS, sides)


def open_lots(tx: Tx, lots: Sequence[Lot]) -> list[Write]:
    """Keep new lots, as they stand after everything else of this batch."""
    rows, waiting = [], []
    for lot in lots:
        if lot.waited:
            waiting.append((*_lot_row(lot), lot.state, lot.activates_at, lot.cancels_at))
        else:
            rows.append(_lot_row(lot))
    return _named(tx, _LOTS, rows, 2) + _named(tx, _LOTS_WAITING, waiting, 2)


def _lot_row(o: Lot) -> tuple[Any, ...]:
    return (
        o.member_id, o.wallet, o.lot_id, o.entry_id, o.cause_id, o.version, o.amount,
        o.remaining, o.pinned, o.earned_at, o.expires_at,
    )  # fmt: skip


def change_lots(tx: Tx, lots: Sequence[Lot]) -> list[Write]:
    """Keep what remains of lots that were there before, and where they end when that moved."""
    rows = (
        (o.member_id, o.wallet, o.lot_id, o.remaining, o.pinned)
        for o in lots
        if not (o.waited or o.moved)
    )
    turned = (
        (
            o.member_id, o.wallet, o.lot_id, o.remaining, o.pinned, o.expires_at, o.state,
            o.activates_at,
        )
        for o in lots
        if o.waited or o.moved
    )  # fmt: skip
    return _named(tx, _LOTS_CHANGED, rows, 2) + _named(tx, _LOTS_TURNED, turned, 2)


def move_lots(tx: Tx, moves: Sequence[LotMove]) -> list[Write]:
    """Keep from which lots an entry took, and to which it gave back."""
    return _rows(tx, _MOVES, moves)


def postpone(tx: Tx, moved: Sequence[Postponement]) -> list[Write]:
    """Keep from when to when ends moved; the lots themselves are changed with the others."""
    return _rows(tx, _POSTPONED, moved)


def open_holds(tx: Tx, holds: Sequence[Hold]) -> list[Write]:
    """Reserve points: the hold and the lots it names."""
    heads = (
        (
            h.member_id, h.hold_id, h.redemption_id, h.wallet, h.amount, h.state, h.opened_at,
            h.lapses_at, h.captured, h.closed_at,
        )
        for h in holds
    )  # fmt: skip
    lots = ((h.member_id, h.hold_id, lot_id, n) for h in holds for lot_id, n in h.lots)
    return _named(tx, _HOLDS, heads, 1) + _rows(tx, _HOLD_LOTS, lots)


def close_holds(tx: Tx, holds: Sequence[Hold]) -> list[Write]:
    """End holds: captured, voided or lapsed."""
    rows = ((h.member_id, h.hold_id, h.state, h.captured, h.closed_at) for h in holds)
    return _named(tx, _HOLDS_CLOSED, rows, 1)


def hold_longer(tx: Tx, holds: Sequence[Hold]) -> list[Write]:
    """Keep until when these points are held from now on."""
    if not holds:
        return []
    rows = [(h.member_id, h.hold_id, h.lapses_at) for h in holds]
    ids = {h.hold_id for h in holds}
    return [Write(_HOLDS_LONGER, (tx.program_id, *map(list, zip(*rows, strict=True))), rows=ids)]


def keep_balances(tx: Tx, balances: Sequence[tuple[UUID, int, Balance]]) -> list[Write]:
    """Keep what follows from the books, per member and wallet."""
    rows = (
        (member_id, wallet, b.available, b.pending, b.held, b.debt, b.earned, b.active_at)
        for member_id, wallet, b in balances
    )
    return _rows(tx, _BALANCES, rows)


def keep_courtesies(tx: Tx, courtesies: Sequence[Courtesy]) -> list[Write]:
    """Keep what was done as a courtesy, and its cost."""
    return _rows(tx, _COURTESIES, courtesies)
