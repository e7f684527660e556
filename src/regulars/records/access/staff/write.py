"""Keep staff, sessions, links and passkeys; count tries; write down what was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.base.tx import Tx, Write
from regulars.records.access.staff.deeds import unknown
from regulars.records.access.staff.types import (
    By,
    Passkey,
    Session,
    Staff,
    Tried,
    TryKind,
    staff_of,
)

_ADD = """
insert into staff (program_id, staff_id, name, email, role, stores, state, made_at, made_by)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text, $6::text[], 'invited', $7::timestamptz,
        $8::text)
"""
_CHANGE = """
update staff set name = $3::text, email = $4::text, role = $5::text, stores = $6::text[],
                 member_id = $7::uuid, full_view = $8::boolean,
                 month_letter = $9::text
 where program_id = $1::int and staff_id = $2::uuid
"""
_CLOSE = """
update staff set state = 'closed', closed_at = $3::timestamptz, password = '', pin = ''
 where program_id = $1::int and staff_id = $2::uuid
"""
_PASSWORD = """
update staff set password = $3::text, state = 'active'
 where program_id = $1::int and staff_id = $2::uuid and state <> 'closed'
"""
_INVITE = """
update staff set password = '', state = 'invited'
 where program_id = $1::int and staff_id = any($2::uuid[]) and state <> 'closed'
"""
# The same password in today's form; one that was changed meanwhile stays.
_REKEPT = """
update staff set password = $4::text
 where program_id = $1::int and staff_id = $2::uuid and password = $3::text
"""
_PIN = """
update staff set pin = $3::text
 where program_id = $1::int and staff_id = $2::uuid and state <> 'closed'
"""
_REDUCE = """
with gone as (
    update staff set name = '', email = '', member_id = null
     where program_id = $1::int and state = 'closed' and closed_at <= $2::timestamptz
       and email <> ''
    returning staff_id
)
select count(*) as gone from gone
"""
_FORGET = """
update staff_session set address = '' where program_id = $1::int and address <> ''
   and staff_id in (select staff_id from staff where program_id = $1::int and email = '')
"""
_OPEN = """
insert into staff_session (program_id, session_id, staff_id, token_hash, how, address, made_at,
                           seen_at, idle_minutes, ends_at)
values ($1::int, $2::uuid, $3::uuid, $4::bytea, $5::text, $6::text, $7::timestamptz,
        $7::timestamptz, $8::int, $9::timestamptz)
    on conflict do nothing
"""
_SEEN = """
update staff_session set seen_at = greatest(seen_at, $3::timestamptz)
 where program_id = $1::int and session_id = any($2::uuid[]) and ended_at is null
"""
_END = """
update staff_session set ended_at = $3::timestamptz
 where program_id = $1::int and token_hash = $2::bytea and ended_at is null
"""
_END_ALL = """
update staff_session set ended_at = $3::timestamptz
 where program_id = $1::int and staff_id = $2::uuid and ended_at is null
   and token_hash <> $4::bytea
"""
_LINK = """
insert into staff_link (program_id, link_hash, staff_id, made_at, made_by, ends_at)
values ($1::int, $2::bytea, $3::uuid, $4::timestamptz, $5::text, $6::timestamptz)
    on conflict do nothing
"""
_NO_LINKS = """
delete from staff_link where program_id = $1::int and staff_id = $2::uuid and used_at is null
"""
_USE_LINK = """
update staff_link set used_at = $3::timestamptz
 where program_id = $1::int and link_hash = $2::bytea and used_at is null
   and ends_at > $3::timestamptz
returning staff_id
"""
_ADD_PASSKEY = """
insert into staff_passkey (program_id, credential_id, staff_id, public_key, uses, name, made_at)
values ($1::int, $2::bytea, $3::uuid, $4::bytea, $5::bigint, $6::text, $7::timestamptz)
    on conflict do nothing
returning 1
"""
# Of two answers with the same count one comes first; the other finds that it did not grow.
_USE_PASSKEY = """
update staff_passkey set uses = $3::bigint, used_at = $4::timestamptz
 where program_id = $1::int and credential_id = $2::bytea and ended_at is null
   and ($3::bigint > uses or ($3::bigint = 0 and uses = 0))
returning staff_id
"""
_END_PASSKEY = """
update staff_passkey set ended_at = $3::timestamptz, why_ended = $4::text
 where program_id = $1::int and credential_id = $2::bytea and ended_at is null
"""
_END_PASSKEYS = """
update staff_passkey set ended_at = $3::timestamptz, why_ended = $4::text
 where program_id = $1::int and staff_id = $2::uuid and ended_at is null
"""
_NONCE = """
insert into staff_nonce (program_id, nonce_hash, staff_id, ends_at)
values ($1::int, $2::bytea, $3::uuid, $4::timestamptz) on conflict do nothing
"""
_TAKE_NONCE = """
delete from staff_nonce where program_id = $1::int and nonce_hash = $2::bytea
returning staff_id, ends_at
"""
# Counted before it is looked whether it was right, so that many at once are as many as one by one.
_TRY = """
insert into staff_try as t (program_id, kind, subject, began_at, tries)
values ($1::int, $2::text, $3::bytea, $4::timestamptz, $6::int)
    on conflict (program_id, kind, subject) do update
   set tries = case when t.began_at <= $5::timestamptz then 0 else t.tries end + excluded.tries,
       began_at = case when t.began_at <= $5::timestamptz then excluded.began_at
                       else t.began_at end
returning tries, began_at
"""
_RIGHT = """
delete from staff_try where program_id = $1::int and kind = $2::text and subject = $3::bytea
"""
_SWEEP = {
    "staff_try": "delete from staff_try where program_id = $1::int and began_at < $2::timestamptz",
    "staff_nonce": "delete from staff_nonce "
    "where program_id = $1::int and ends_at < $2::timestamptz",
    "staff_link": "delete from staff_link where program_id = $1::int and ends_at < $2::timestamptz",
    "staff_session": "delete from staff_session where program_id = $1::int "
    "and (ends_at < $2::timestamptz or ended_at < $2::timestamptz)",
}  # fmt: skip
_ACT = """
insert into staff_act (program_id, act_id, staff_id, actor, did, about, about_id, before, after,
                       address, at)
select $1::int, a.act_id, a.staff_id, a.actor, a.did, a.about, a.about_id, a.before::jsonb,
       a.after::jsonb, a.address, $2::timestamptz
  from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
              $10::text[], $11::text[])
       as a (act_id, staff_id, actor, did, about, about_id, before, after, address)
"""
_SET = """
insert into staff_setting (program_id, name, about, value, set_at, set_by)
values ($1::int, $2::text, $3::text, $4::bigint, $5::timestamptz, $6::text)
    on conflict (program_id, name, about) do update
   set value = excluded.value, set_at = excluded.set_at, set_by = excluded.set_by
"""


class Done(Struct, frozen=True):
    """One thing that was done: what, about whom or what, how it was before and after."""

    by: By
    did: str
    about: str
    about_id: str
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}


def acted(tx: Tx, done: Sequence[Done]) -> list[Write]:
    """Write down what was done, in the transaction that does it."""
    if not done:
        return []
    for one in done:  # what has no words today nobody can read in a year
        assert not unknown(one.before, one.after), (one.did, unknown(one.before, one.after))
    rows = [
        (
            tx.new_id(), one.by.staff_id, one.by.actor, one.did, one.about, one.about_id,
            _json(one.before), _json(one.after), one.by.address,
        )
        for one in done
    ]  # fmt: skip
    return [Write(_ACT, (tx.program_id, tx.now, *map(list, zip(*rows, strict=True))))]


class Deed(NamedTuple):
    """By whom something was done to which member, and what it was after."""

    principal: str
    did: str
    member_id: UUID
    after: dict[str, Any]


def acted_on(tx: Tx, deeds: Sequence[Deed]) -> list[Write]:
    """What the shop's people did to members; what a key or a member asked for is left out."""
    done = [
        Done(By(who), one.did, "member", one.member_id.hex, after=one.after)
        for one in deeds
        if (who := staff_of(one.principal)) is not None
    ]
    return acted(tx, done)


def add(tx: Tx, staff: Staff) -> list[Write]:
    """Somebody works here from now on; they come in once they have a password."""
    stores = None if staff.stores is None else list(staff.stores)
    told = (staff.staff_id, staff.name, staff.email, staff.role, stores, tx.now, staff.made_by)
    return [Write(_ADD, (tx.program_id, *told))]


def change(tx: Tx, staff: Staff) -> list[Write]:
    """Keep them as they are told here."""
    stores = None if staff.stores is None else list(staff.stores)
    told = (staff.staff_id, staff.name, staff.email, staff.role, stores, staff.member_id)
    return [Write(_CHANGE, (tx.program_id, *told, staff.full_view, staff.month_letter))]


def close(tx: Tx, staff_id: UUID) -> list[Write]:
    """They come in no more; every session and link of theirs ends."""
    return [
        Write(_CLOSE, (tx.program_id, staff_id, tx.now)),
        *end_sessions(tx, staff_id),
        *drop_links(tx, staff_id),
    ]


def set_password(tx: Tx, staff_id: UUID, kept: str) -> list[Write]:
    """This opens the door from now on."""
    return [Write(_PASSWORD, (tx.program_id, staff_id, kept))]


def invite_anew(tx: Tx, staff_ids: Sequence[UUID]) -> list[Write]:
    """Their passwords open nothing any more: they set another by a link."""
    return [Write(_INVITE, (tx.program_id, list(staff_ids)))]


def keep_anew(tx: Tx, staff_id: UUID, before: str, kept: str) -> list[Write]:
    """The same password, kept by the parameters of today."""
    return [Write(_REKEPT, (tx.program_id, staff_id, before, kept))]


def set_pin(tx: Tx, staff_id: UUID, kept: str) -> list[Write]:
    """This PIN is theirs from now on; '' takes it away."""
    return [Write(_PIN, (tx.program_id, staff_id, kept))]


async def reduce_closed(tx: Tx, closed_until: datetime) -> int:
    """Take name and address out of those who left so long ago; of how many."""
    gone = int((await tx.fetch(_REDUCE, tx.program_id, closed_until))[0]["gone"])
    if gone:
        await tx.write([Write(_FORGET, (tx.program_id,))])
    return gone


def open_session(tx: Tx, session: Session, token_hash: bytes) -> list[Write]:
    """Somebody is signed in; the same token again changes nothing."""
    told = (session.session_id, session.staff_id, token_hash, session.how, session.address)
    ends = (session.made_at, session.idle_minutes, session.ends_at)
    return [Write(_OPEN, (tx.program_id, *told, *ends))]


def seen(tx: Tx, session_ids: Sequence[UUID]) -> list[Write]:
    """These sessions were used just now."""
    return [Write(_SEEN, (tx.program_id, list(session_ids), tx.now))] if session_ids else []


def end_session(tx: Tx, token_hash: bytes) -> list[Write]:
    """This session is over."""
    return [Write(_END, (tx.program_id, token_hash, tx.now))]


def end_sessions(tx: Tx, staff_id: UUID, but: bytes = b"") -> list[Write]:
    """Every session of somebody is over, but the one with this token."""
    return [Write(_END_ALL, (tx.program_id, staff_id, tx.now, but))]


def make_link(tx: Tx, staff_id: UUID, link_hash: bytes, by: By, ends_at: datetime) -> list[Write]:
    """A link that sets somebody's password once."""
    told = (link_hash, staff_id, tx.now, by.actor, ends_at)
    return [Write(_LINK, (tx.program_id, *told))]


def drop_links(tx: Tx, staff_id: UUID) -> list[Write]:
    """No link that was made for somebody works any more."""
    return [Write(_NO_LINKS, (tx.program_id, staff_id))]


async def use_link(tx: Tx, link_hash: bytes) -> UUID | None:
    """For whom this link was, the first time; nobody after that."""
    rows = await tx.fetch(_USE_LINK, tx.program_id, link_hash, tx.now)
    return rows[0]["staff_id"] if rows else None


async def add_passkey(tx: Tx, passkey: Passkey) -> bool:
    """Somebody may come in by this passkey; whether nobody had it before."""
    told = (passkey.credential_id, passkey.staff_id, passkey.public_key, passkey.uses, passkey.name)
    return bool(await tx.fetch(_ADD_PASSKEY, tx.program_id, *told, tx.now))


async def use_passkey(tx: Tx, credential_id: bytes, uses: int) -> UUID | None:
    """Whose passkey it is, if its count has grown; nobody where a copy of it must be about."""
    rows = await tx.fetch(_USE_PASSKEY, tx.program_id, credential_id, uses, tx.now)
    return rows[0]["staff_id"] if rows else None


def end_passkey(tx: Tx, credential_id: bytes, why: str) -> list[Write]:
    """Nobody comes in by this passkey any more."""
    return [Write(_END_PASSKEY, (tx.program_id, credential_id, tx.now, why))]


def end_passkeys(tx: Tx, staff_id: UUID, why: str) -> list[Write]:
    """Nobody comes in by any passkey that somebody had until now."""
    return [Write(_END_PASSKEYS, (tx.program_id, staff_id, tx.now, why))]


def ask_passkey(tx: Tx, nonce_hash: bytes, staff_id: UUID | None, ends_at: datetime) -> list[Write]:
    """A question that a passkey has to sign before long."""
    return [Write(_NONCE, (tx.program_id, nonce_hash, staff_id, ends_at))]


async def take_nonce(tx: Tx, nonce_hash: bytes) -> tuple[UUID | None] | None:
    """Who was asked this, the first time it is answered in time; nothing otherwise."""
    rows = await tx.fetch(_TAKE_NONCE, tx.program_id, nonce_hash)
    if not rows or rows[0]["ends_at"] <= tx.now:
        return None
    return (rows[0]["staff_id"],)


async def count_try(
    tx: Tx, kind: TryKind, subject: bytes, window: timedelta, times: int = 1
) -> Tried:
    """Count one more try, or several; a count that began longer ago than this begins anew."""
    rows = await tx.fetch(_TRY, tx.program_id, kind, subject, tx.now, tx.now - window, times)
    return Tried(rows[0]["tries"], rows[0]["began_at"])


def forget_tries(tx: Tx, kind: TryKind, subject: bytes) -> list[Write]:
    """It was right; what was tried before counts no more."""
    return [Write(_RIGHT, (tx.program_id, kind, subject))]


def sweep(tx: Tx, until: datetime) -> list[Write]:
    """Take away tries, questions, links and sessions that have been over since then."""
    return [Write(sql, (tx.program_id, until)) for sql in _SWEEP.values()]


def set_setting(tx: Tx, name: str, about: str, value: int, by: By) -> list[Write]:
    """What the shop decided from now on."""
    return [Write(_SET, (tx.program_id, name, about, value, tx.now, by.actor))]


def _json(told: dict[str, Any]) -> str:
    return msgspec.json.encode(told).decode()
