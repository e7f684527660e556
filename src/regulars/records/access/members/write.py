"""Keep that codes were asked for, tried and used; open sessions and end them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.records.access.members.types import MemberSession, SignInCode

_ASK = """
insert into sign_in_code (program_id, code_id, member_id, purpose, about, address, machine,
                          recorded_at)
select $1::int, c.code_id, c.member_id, c.purpose, c.about, c.address, c.machine, c.recorded_at
  from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::bytea[],
              $8::timestamptz[])
       as c (code_id, member_id, purpose, about, address, machine, recorded_at)
    on conflict (program_id, code_id) do nothing
"""
_TURN = """
update sign_in_code c set tries = t.tries, used_at = t.used_at
  from unnest($2::uuid[], $3::smallint[], $4::timestamptz[]) as t (code_id, tries, used_at)
 where c.program_id = $1::int and c.code_id = t.code_id
"""
_OPEN = """
insert into member_session (program_id, session_id, token_hash, member_id, opened_at, seen_at,
                            device, shop_key_id, origin)
select $1::int, s.session_id, s.token_hash, s.member_id, s.opened_at, s.opened_at, s.device,
       s.shop_key_id, s.origin
  from unnest($2::uuid[], $3::bytea[], $4::uuid[], $5::timestamptz[], $6::text[], $7::uuid[],
              $8::text[])
       as s (session_id, token_hash, member_id, opened_at, device, shop_key_id, origin)
"""
_SEEN = """
update member_session set seen_at = $2::timestamptz
 where program_id = $1::int and session_id = any($3::uuid[]) and ended_at is null
   and seen_at < $2::timestamptz
"""
_END = """
update member_session set ended_at = $2::timestamptz
 where program_id = $1::int and session_id = any($3::uuid[]) and ended_at is null
"""
_END_ALL = """
update member_session set ended_at = $2::timestamptz
 where program_id = $1::int and member_id = any($3::uuid[]) and ended_at is null
"""
# The last code that was read at an address proves whose it is, and stays longer than the others.
_SWEEP_CODES = """
delete from sign_in_code c
 where c.program_id = $1::int and c.recorded_at < $2::timestamptz
   and (c.used_at is null or c.member_id is null or c.recorded_at < $3::timestamptz
        or exists (select from sign_in_code l
                    where l.program_id = c.program_id and l.address = c.address
                      and l.member_id = c.member_id and l.used_at is not null
                      and l.recorded_at > c.recorded_at))
"""
_SWEEP_SESSIONS = """
delete from member_session
 where program_id = $1::int and (ended_at < $2::timestamptz or opened_at < $2::timestamptz)
"""


def ask(tx: Tx, codes: Sequence[SignInCode]) -> list[Write]:
    """Keep these codes; none is the same statement, so that nobody learns from the time it takes
    whether there was one."""
    names = ("code_id", "member_id", "purpose", "about", "address", "machine", "recorded_at")
    columns = ([getattr(code, name) for code in codes] for name in names)
    return [Write(_ASK, (tx.program_id, *columns))]


def turn(tx: Tx, codes: Sequence[SignInCode]) -> list[Write]:
    """Keep how often these were tried, and whether they are used up."""
    ids, tries = [code.code_id for code in codes], [code.tries for code in codes]
    return [Write(_TURN, (tx.program_id, ids, tries, [code.used_at for code in codes]))]


def open_sessions(tx: Tx, sessions: Sequence[tuple[MemberSession, bytes]]) -> list[Write]:
    """Let these in from now on, each with the digest of its token."""
    if not sessions:
        return []
    rows = [
        (s.session_id, hashed, s.member_id, s.opened_at, s.device, s.shop_key_id, s.origin)
        for s, hashed in sessions
    ]
    return [Write(_OPEN, (tx.program_id, *map(list, zip(*rows, strict=True))))]


def seen(tx: Tx, session_ids: Sequence[UUID]) -> list[Write]:
    """These sessions were used just now."""
    return [Write(_SEEN, (tx.program_id, tx.now, list(session_ids)))] if session_ids else []


def end(tx: Tx, session_ids: Sequence[UUID]) -> list[Write]:
    """These sessions let nobody in any more; one that is over stays over since then."""
    return [Write(_END, (tx.program_id, tx.now, list(session_ids)))] if session_ids else []


def end_all(tx: Tx, member_ids: Sequence[UUID]) -> list[Write]:
    """Every session of these members is over."""
    return [Write(_END_ALL, (tx.program_id, tx.now, list(member_ids)))] if member_ids else []


def sweep(
    tx: Tx, codes_before: datetime, proofs_before: datetime, sessions_before: datetime
) -> list[Write]:
    """Forget codes asked for, what proved an address, and sessions that were over, before these
    instants."""
    return [
        Write(_SWEEP_CODES, (tx.program_id, codes_before, proofs_before)),
        Write(_SWEEP_SESSIONS, (tx.program_id, sessions_before)),
    ]
