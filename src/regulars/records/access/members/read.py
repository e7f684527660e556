"""Find codes and sessions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.access.members.types import MemberSession, SignInCode

_CODES = """
select code_id, purpose, address, recorded_at, member_id, about, machine, tries, used_at
  from sign_in_code where program_id = $1::int and code_id = any($2::uuid[])
"""
_ASKED_ADDRESS = """
select address as who, recorded_at from sign_in_code
 where program_id = $1::int and address = any($2::bytea[]) and recorded_at > $3::timestamptz
"""
_ASKED_MACHINE = """
select machine as who, recorded_at from sign_in_code
 where program_id = $1::int and machine = any($2::bytea[]) and recorded_at > $3::timestamptz
"""
_PROVED = """
select distinct address, member_id from sign_in_code
 where program_id = $1::int and address = any($2::bytea[])
   and used_at is not null and member_id is not null
"""
_OPEN_QUESTIONS = """
select distinct on (address, member_id) code_id, purpose, address, recorded_at, member_id, about,
       machine, tries, used_at
  from sign_in_code
 where program_id = $1::int and address = any($2::bytea[]) and purpose = 'consent'
   and used_at is null and member_id is not null and recorded_at > $3::timestamptz
 order by address, member_id, recorded_at desc, code_id desc
"""
_COLUMNS = """
select session_id, member_id, opened_at, seen_at, ended_at, device, token_hash,
       shop_key_id, origin
  from member_session
"""
_BY_TOKEN = f"{_COLUMNS} where program_id = $1::int and token_hash = any($2::bytea[])"
_OF_MEMBER = f"""{_COLUMNS}
 where program_id = $1::int and member_id = $2::uuid and ended_at is null
 order by seen_at desc, session_id
"""


async def codes(tx: Tx, ids: Collection[UUID], *, lock: bool = False) -> dict[UUID, SignInCode]:
    """These codes; `lock` holds them until the transaction ends, in the order of their ids."""
    end = " order by code_id for update" if lock else ""
    rows = await tx.fetch(_CODES + end, tx.program_id, sorted(set(ids)))
    return {row["code_id"]: SignInCode(**dict(row)) for row in rows}


async def asked(
    tx: Tx, addresses: Sequence[bytes], machines: Sequence[bytes], since: datetime
) -> dict[bytes, list[datetime]]:
    """When codes were asked for since then, by these addresses and these machines."""
    found: dict[bytes, list[datetime]] = {}
    for sql, sought in ((_ASKED_ADDRESS, addresses), (_ASKED_MACHINE, machines)):
        for row in await tx.fetch(sql, tx.program_id, list(sought), since):
            found.setdefault(bytes(row["who"]), []).append(row["recorded_at"])
    return found


async def proved(tx: Tx, addresses: Collection[bytes]) -> dict[bytes, set[UUID]]:
    """Who read a code that was sent to each of these addresses, by their digests, as far back as
    that is kept; also who was merged into somebody else since."""
    found: dict[bytes, set[UUID]] = {}
    for row in await tx.fetch(_PROVED, tx.program_id, list(addresses)) if addresses else ():
        found.setdefault(bytes(row["address"]), set()).add(row["member_id"])
    return found


async def open_questions(
    tx: Tx, addresses: Collection[bytes], since: datetime
) -> dict[tuple[bytes, UUID], SignInCode]:
    """By address and member, the last question about a consent that was sent there since then, and
    that nobody answered; several who share a telephone are each asked for themself."""
    rows = (
        await tx.fetch(_OPEN_QUESTIONS, tx.program_id, list(addresses), since) if addresses else ()
    )
    return {(bytes(row["address"]), row["member_id"]): SignInCode(**dict(row)) for row in rows}


async def by_token(tx: Tx, hashes: Collection[bytes]) -> dict[bytes, MemberSession]:
    """The sessions with these digests, open or over."""
    rows = await tx.fetch(_BY_TOKEN, tx.program_id, list(hashes))
    return {bytes(row["token_hash"]): _session(row) for row in rows}


async def sessions_of(tx: Tx, member_id: UUID) -> list[MemberSession]:
    """A member's sessions that nobody ended, the one used last first."""
    return [_session(row) for row in await tx.fetch(_OF_MEMBER, tx.program_id, member_id)]


def _session(row: Mapping[str, Any]) -> MemberSession:
    return MemberSession(**{name: row[name] for name in MemberSession.__struct_fields__})
