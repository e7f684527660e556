"""Look up stores, codes of pairing, tills, and what tills recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.tills.chain import Link
from regulars.records.tills.types import Pairing, Store, Till, TillRecord

_STORES = """
select code, name, zone, opened_at, changed_by, offline_rewards, offline_most, closed_at
  from store where program_id = $1::int order by code
"""
_SHOW = "select set_config('regulars.code_hash', $1::text, true)"
_PAIRING = """
select program_id, code_hash, store, made_at, made_by, ends_at, till_id
  from pairing where code_hash = $1::bytea
"""
_LOCK_PAIRING = f"{_PAIRING} and program_id = $2::int for update"
_TILL = """
select till_id, key_id, store, name, public_key, lookup_key, state, paired_at, paired_by,
       changed_at, seen_at, reason, strangers_told
  from till where program_id = $1::int
"""
_TILLS = f"{_TILL} order by paired_at, till_id"
_OF_KEY = f"{_TILL} and key_id = $2::uuid"
_SOME = f"{_TILL} and till_id = any($2::uuid[]) order by till_id"
_LOCK = f"{_SOME} for update"
_RECORD = """
select record_id, till_id, sequence, hash, previous, placed, kind, key, cashier, signed, signature,
       device_at, occurred_at, clock, state, recorded_at, reason, says, whom, member_id, subject_id,
       ended_at, ended_by
  from till_record
"""
_RECORDS = f"{_RECORD} where program_id = $1::int and record_id = any($2::uuid[])"
_LOCK_RECORDS = f"{_RECORDS} order by record_id for update"
_PLACED = """
select r.sequence, r.hash, r.previous from till_record r
 where r.program_id = $1::int and r.till_id = $2::uuid and r.sequence = any($3::bigint[]) and placed
"""
_OPEN = f"""
{_RECORD} where program_id = $1::int and state in ('taken', 'quarantined')
   and (recorded_at, record_id) > ($2::timestamptz, $3::uuid)
 order by recorded_at, record_id limit $4::int
"""
_UNSETTLED = """
select record_id from till_record
 where program_id = $1::int and till_id = $2::uuid and state in ('taken', 'quarantined')
 limit $3::int
"""
_WAITING = f"""
{_RECORD} where program_id = $1::int and state = 'quarantined' and reason = 'unknown_member'
   and exists (select from identifier i
                where i.program_id = $1::int
                  and i.kind in ('number', 'phone', 'email', 'card', 'external')
                  and i.value = any(string_to_array(whom, e'\\n')))
 order by recorded_at, record_id limit $2::int
"""
_WAITING_FOR_SALE = f"""
{_RECORD} where program_id = $1::int and state = 'quarantined' and reason = 'unknown_sale'
   and kind in ('credit', 'void') and recorded_at > $2::timestamptz
   and (recorded_at, record_id) > ($3::timestamptz, $4::uuid)
 order by recorded_at, record_id limit $5::int
"""
_TAKEN = """
select subject_id, record_id from till_record
 where program_id = $1::int and state = 'applied' and subject_id = any($2::uuid[])
"""
_COUNTS = """
select t.till_id,
       coalesce(max(r.sequence) filter (where placed), 0) as told,
       coalesce(max(r.sequence) filter (where placed), 0)
         - count(*) filter (where placed) as missing,
       count(*) filter (where r.state in ('taken', 'quarantined')) as waiting
  from till t left join till_record r on r.program_id = t.program_id and r.till_id = t.till_id
 where t.program_id = $1::int group by t.till_id
"""

# Whom something happened to lately: what is only appended has an id that grows with time. `$2` is
# the least id of the instant from which on it is asked. Events tell of what is neither posting nor
# activity: somebody was changed, blocked, or has another tier.
_SEEN_LATELY = """
with recent as (
    (select member_id, activity_id as id from activity
      where program_id = $1::int and activity_id >= $2::uuid
      order by activity_id desc limit $3::int)
    union all
    (select member_id, entry_id from posting
      where program_id = $1::int and entry_id >= $2::uuid
      order by entry_id desc limit $3::int)
    union all
    (select member_id, member_id from member
      where program_id = $1::int and member_id >= $2::uuid order by joined_at desc, member_id desc
      limit $3::int)
    union all
    (select member_id, outbox_id from outbox
      where program_id = $1::int and outbox_id >= $2::uuid
      order by outbox_id desc limit $3::int)
), last as (
    select member_id, max(id::text)::uuid as id from recent
     where member_id <> '00000000-0000-0000-0000-000000000000' group by member_id
)
select member_id, id from last
 where (id, member_id) < ($4::uuid, $5::uuid) order by id desc, member_id desc limit $6::int
"""


# Who is nobody to be greeted any more: erased, or one with another member.
_GONE = """
select member_id from erasure where program_id = $1::int and recorded_at >= $2::timestamptz
 union
select from_id from member_merge
 where program_id = $1::int and merged_at >= $2::timestamptz and unmerged_at is null
 limit $3::int
"""
LOOKS_BACK = 3_000


class Count(NamedTuple):
    """How far a till has told, how many records before that are missing, how many wait here."""

    told: int
    missing: int
    waiting: int


async def stores(tx: Tx) -> dict[str, Store]:
    """All stores of this program by their codes, closed ones too."""
    rows = await tx.fetch(_STORES, tx.program_id)
    return {row["code"]: _store(row) for row in rows}


async def pairing_by_digest(tx: Tx, code_hash: bytes) -> Pairing | None:
    """The pairing with this digest, of whichever program, used or not."""
    await tx.fetch(_SHOW, code_hash.hex())
    rows = await tx.fetch(_PAIRING, code_hash)
    return Pairing(**dict(rows[0])) if rows else None


async def lock_pairing(tx: Tx, code_hash: bytes) -> Pairing | None:
    """The same of this program, under lock: of several devices that use it one is first."""
    rows = await tx.fetch(_LOCK_PAIRING, code_hash, tx.program_id)
    return Pairing(**dict(rows[0])) if rows else None


async def tills(tx: Tx) -> list[Till]:
    """All tills of this program in the order they were paired."""
    return [Till(**dict(row)) for row in await tx.fetch(_TILLS, tx.program_id)]


async def till_of_key(tx: Tx, key_id: UUID) -> Till | None:
    """The till that shows this key."""
    rows = await tx.fetch(_OF_KEY, tx.program_id, key_id)
    return Till(**dict(rows[0])) if rows else None


async def lock_tills(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Till]:
    """These tills under lock, in the order of their ids."""
    rows = await tx.fetch(_LOCK, tx.program_id, sorted(set(ids)))
    return {row["till_id"]: Till(**dict(row)) for row in rows}


async def counts(tx: Tx) -> dict[UUID, Count]:
    """How far each till has told."""
    rows = await tx.fetch(_COUNTS, tx.program_id)
    return {row["till_id"]: Count(row["told"], row["missing"], row["waiting"]) for row in rows}


async def records(tx: Tx, ids: Iterable[UUID], *, lock: bool = False) -> dict[UUID, TillRecord]:
    """These records, under lock where somebody changes them."""
    asked = _LOCK_RECORDS if lock else _RECORDS
    rows = await tx.fetch(asked, tx.program_id, sorted(set(ids)))
    return {row["record_id"]: TillRecord(**dict(row)) for row in rows}


async def placed(tx: Tx, till_id: UUID, sequences: Iterable[int]) -> dict[int, Link]:
    """Who stands at these numbers and beside them."""
    near = sorted({one + step for one in sequences for step in (-1, 0, 1)})
    rows = await tx.fetch(_PLACED, tx.program_id, till_id, near)
    return {row["sequence"]: Link(row["hash"], row["previous"]) for row in rows}


async def open_records(tx: Tx, after: tuple[datetime, UUID], most: int) -> list[TillRecord]:
    """What waits for somebody to look at it, oldest first, from this place on."""
    rows = await tx.fetch(_OPEN, tx.program_id, *after, most)
    return [TillRecord(**dict(row)) for row in rows]


async def unsettled(tx: Tx, till_id: UUID, most: int) -> list[UUID]:
    """Records of a till that came and that nobody settled yet; at most so many."""
    rows = await tx.fetch(_UNSETTLED, tx.program_id, till_id, most)
    return [row["record_id"] for row in rows]


async def waiting_for_member(tx: Tx, most: int) -> list[TillRecord]:
    """What was set aside because nobody knew its member, and somebody does now; oldest first."""
    rows = await tx.fetch(_WAITING, tx.program_id, most)
    return [TillRecord(**dict(row)) for row in rows]


async def waiting_for_sale(
    tx: Tx, since: datetime, after: tuple[datetime, UUID], most: int
) -> list[TillRecord]:
    """Late credits and returns of a purchase that nobody knew when they were told; the oldest
    after this place first."""
    rows = await tx.fetch(_WAITING_FOR_SALE, tx.program_id, since, *after, most)
    return [TillRecord(**dict(row)) for row in rows]


async def seen_lately(
    tx: Tx, since: UUID, before: tuple[UUID, UUID], most: int
) -> list[tuple[UUID, UUID]]:
    """Members whom something happened to lately, the last one first, with what it was.

    Assumes: nobody needs more than the last few thousand things that happened.
    """
    rows = await tx.fetch(_SEEN_LATELY, tx.program_id, since, LOOKS_BACK, *before, most)
    return [(row["member_id"], row["id"]) for row in rows]


async def gone_since(tx: Tx, since: datetime, most: int) -> list[UUID]:
    """Members who were erased since, or merged into another; no more than `most`, in no order."""
    rows = await tx.fetch(_GONE, tx.program_id, since, most)
    return [row["member_id"] for row in rows]


async def effects(tx: Tx, subjects: Sequence[UUID]) -> dict[UUID, UUID]:
    """Which record each of these came from."""
    rows = await tx.fetch(_TAKEN, tx.program_id, sorted(set(subjects))) if subjects else []
    return {row["subject_id"]: row["record_id"] for row in rows}


def _store(row: Mapping[str, Any]) -> Store:
    told = dict(row)
    return Store(**told | {"offline_rewards": tuple(told["offline_rewards"])})
