"""Keep stores, pairings, tills and what tills recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.tills.types import Pairing, Store, Till, TillRecord

_STORE = """
insert into store (program_id, code, name, zone, offline_rewards, offline_most, opened_at,
                   closed_at, changed_by)
select $1::int, s.code, s.name, s.zone, string_to_array(s.rewards, ' '), s.most, s.opened_at,
       s.closed_at, s.changed_by
  from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::timestamptz[],
              $8::timestamptz[], $9::text[])
       as s (code, name, zone, rewards, most, opened_at, closed_at, changed_by)
    on conflict (program_id, code) do update
   set name = excluded.name, zone = excluded.zone, offline_rewards = excluded.offline_rewards,
       offline_most = excluded.offline_most, closed_at = excluded.closed_at,
       changed_by = excluded.changed_by
"""
_PAIRING = """
insert into pairing (program_id, code_hash, store, made_at, made_by, ends_at)
select $1::int, p.code_hash, p.store, p.made_at, p.made_by, p.ends_at
  from unnest($2::bytea[], $3::text[], $4::timestamptz[], $5::text[], $6::timestamptz[])
       as p (code_hash, store, made_at, made_by, ends_at)
"""
_USE = """
update pairing set till_id = u.till_id
  from unnest($2::bytea[], $3::uuid[]) as u (code_hash, till_id)
 where pairing.program_id = $1::int and pairing.code_hash = u.code_hash
"""
_TILL = """
insert into till (program_id, till_id, key_id, store, name, public_key, lookup_key, state, reason,
                  paired_at, paired_by, changed_at, seen_at)
select $1::int, t.*
  from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::bytea[], $8::text[],
              $9::text[], $10::timestamptz[], $11::text[], $12::timestamptz[], $13::timestamptz[])
       as t
"""
_TURN = """
update till set state = t.state, reason = t.reason, changed_at = $2::timestamptz
  from unnest($3::uuid[], $4::text[], $5::text[]) as t (till_id, state, reason)
 where till.program_id = $1::int and till.till_id = t.till_id
"""
_SEEN = """
update till set seen_at = greatest(seen_at, $2::timestamptz)
 where program_id = $1::int and till_id = any($3::uuid[])
"""
_STRANGERS = """
update till set strangers_told = greatest(strangers_told, $3::bigint)
 where program_id = $1::int and till_id = $2::uuid
"""
_RECORD = """
insert into till_record (program_id, record_id, till_id, sequence, hash, previous, placed, kind,
                         key, cashier, signed, signature, device_at, occurred_at, clock, state,
                         reason, says, whom, recorded_at, ended_at, ended_by)
select $1::int, r.*
  from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bytea[], $6::bytea[], $7::bool[],
              $8::text[], $9::text[], $10::text[], $11::text[], $12::bytea[], $13::timestamptz[],
              $14::timestamptz[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[],
              $20::timestamptz[], $21::timestamptz[], $22::text[]) as r
"""
_END = """
update till_record
   set state = e.state, reason = e.reason, says = e.says, member_id = e.member_id,
       subject_id = e.subject_id, ended_at = e.ended_at, ended_by = e.ended_by, signed = e.signed,
       whom = e.whom
  from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[],
              $8::timestamptz[], $9::text[], $10::text[], $11::text[])
       as e (record_id, state, reason, says, member_id, subject_id, ended_at, ended_by, signed,
             whom)
 where till_record.program_id = $1::int and till_record.record_id = e.record_id
"""


def keep_stores(tx: Tx, stores: Sequence[Store]) -> list[Write]:
    """Keep these stores as they are now."""
    rows = [
        (s.code, s.name, s.zone, " ".join(s.offline_rewards), s.offline_most, s.opened_at,
         s.closed_at, s.changed_by)
        for s in stores
    ]  # fmt: skip
    return _of(tx, _STORE, rows)


def make_pairings(tx: Tx, pairings: Sequence[Pairing]) -> list[Write]:
    """Keep the digests of these codes."""
    return _of(tx, _PAIRING, [(p.code_hash, p.store, p.made_at, p.made_by, p.ends_at)
                              for p in pairings])  # fmt: skip


def pair(tx: Tx, tills: Mapping[bytes, Till]) -> list[Write]:
    """Keep these tills, and that their codes were used."""
    rows = [
        (t.till_id, t.key_id, t.store, t.name, t.public_key, t.lookup_key, t.state, t.reason,
         t.paired_at, t.paired_by, t.changed_at, t.seen_at)
        for t in tills.values()
    ]  # fmt: skip
    used = [(code, till.till_id) for code, till in tills.items()]
    return [*_of(tx, _TILL, rows), *_of(tx, _USE, used)]


def turn(tx: Tx, tills: Sequence[Till]) -> list[Write]:
    """Keep whether these tills are paired, suspended or unpaired, and why."""
    if not tills:
        return []
    rows = [(t.till_id, t.state, t.reason) for t in tills]
    return [Write(_TURN, (tx.program_id, tx.now, *map(list, zip(*rows, strict=True))))]


def see(tx: Tx, till_ids: Sequence[UUID]) -> list[Write]:
    """These tills were heard of now."""
    return [Write(_SEEN, (tx.program_id, tx.now, list(till_ids)))] if till_ids else []


def hear_strangers(tx: Tx, till_id: UUID, told: int) -> list[Write]:
    """So many whom nobody knew this till told of."""
    return [Write(_STRANGERS, (tx.program_id, till_id, told))]


def take(tx: Tx, records: Sequence[TillRecord]) -> list[Write]:
    """Keep what tills told, whatever becomes of it."""
    rows = [
        (r.record_id, r.till_id, r.sequence, r.hash, r.previous, r.placed, r.kind, r.key,
         r.cashier, r.signed, r.signature, r.device_at, r.occurred_at, r.clock, r.state, r.reason,
         r.says, r.whom, r.recorded_at, r.ended_at, r.ended_by)
        for r in records
    ]  # fmt: skip
    return _of(tx, _RECORD, rows)


def end(tx: Tx, records: Sequence[TillRecord]) -> list[Write]:
    """Keep what became of these records."""
    rows = [
        (r.record_id, r.state, r.reason, r.says, r.member_id, r.subject_id, r.ended_at, r.ended_by,
         r.signed, r.whom)
        for r in records
    ]  # fmt: skip
    return _of(tx, _END, rows)


def _of(tx: Tx, sql: str, rows: Sequence[tuple[object, ...]]) -> list[Write]:
    if not rows:
        return []
    return [Write(sql, (tx.program_id, *map(list, zip(*rows, strict=True))))]
