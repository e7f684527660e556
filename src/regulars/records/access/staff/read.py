"""Look up staff, their sessions and passkeys, what they did, and what the shop decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct

from regulars.base.tx import Tx
from regulars.records.access.staff.settings import Chosen
from regulars.records.access.staff.types import (
    Act,
    Passkey,
    Session,
    Staff,
    Tried,
    TryKind,
    WorkedIn,
)

# What proves somebody stays in the table; only that it is there is told.
_COLUMNS = """
select s.staff_id, s.name, s.email, s.role, s.stores, s.state, s.made_at, s.made_by, s.member_id,
       s.closed_at, s.password <> '' as has_password, s.pin <> '' as has_pin,
       s.full_view, s.month_letter
  from staff s
"""
_ALL = f"{_COLUMNS} where s.program_id = $1::int order by s.state, s.name, s.staff_id"
_SOME = f"{_COLUMNS} where s.program_id = $1::int and s.staff_id = any($2::uuid[])"
_BY_EMAIL = f"{_COLUMNS} where s.program_id = $1::int and s.email = $2::text"
_AT_TILL = f"""
{_COLUMNS} where s.program_id = $1::int and s.state = 'active' and s.pin <> ''
   and (s.stores is null or $2::text = any(s.stores))
 order by s.name, s.staff_id
"""
_SECRETS = """
select password, pin from staff where program_id = $1::int and staff_id = $2::uuid
"""
_SESSIONS = """
select session_id, staff_id, how, address, made_at, seen_at, idle_minutes, ends_at, ended_at
  from staff_session
"""
_BY_TOKEN = f"{_SESSIONS} where program_id = $1::int and token_hash = $2::bytea"
_OPEN_OF = f"""
{_SESSIONS} where program_id = $1::int and staff_id = $2::uuid and ended_at is null
 order by made_at, session_id
"""
_LINK = """
select staff_id from staff_link
 where program_id = $1::int and link_hash = $2::bytea and used_at is null
   and ends_at > $3::timestamptz
"""
_PASSKEYS = """
select credential_id, staff_id, public_key, uses, name, made_at, used_at, ended_at
  from staff_passkey
"""
_PASSKEY = f"{_PASSKEYS} where program_id = $1::int and credential_id = $2::bytea"
_PASSKEYS_OF = f"""
{_PASSKEYS} where program_id = $1::int and staff_id = $2::uuid and ended_at is null
 order by made_at, credential_id
"""
_WORKED_IN = """
select about_id, before, at from staff_act
 where program_id = $1::int and about = 'staff' and about_id = any($2::text[])
   and did = 'staff.changed' and after ? 'stores'
 order by act_id
"""
# By the index of what it was about; the first question, which can ask for anything, goes through
# everything that was ever done.
_ACTS_ON_MEMBER = """
select act_id, staff_id, actor, did, about, about_id, before, after, address, at from staff_act
 where program_id = $1::int and about = 'member' and about_id = any($2::text[])
   and ($3::uuid is null or act_id < $3::uuid) and did <> all($5::text[])
 order by act_id desc limit $4::int
"""
_ACTS = """
select act_id, staff_id, actor, did, about, about_id, before, after, address, at from staff_act
 where program_id = $1::int
   and ($2::uuid is null or staff_id = $2::uuid)
   and ($3::text = '' or about = $3::text)
   and ($4::text = '' or about_id = $4::text)
   and ($5::text = '' or did = $5::text or starts_with(did, $5::text || '.'))
   and ($6::timestamptz is null or at >= $6::timestamptz)
   and ($7::timestamptz is null or at < $7::timestamptz)
   and ($8::uuid is null or act_id < $8::uuid)
 order by act_id desc limit $9::int
"""
_TRIES = """
select kind, subject, tries, began_at from staff_try
 where program_id = $1::int and subject = any($2::bytea[]) and kind = any($3::text[])
"""
_CHOSEN = "select name, about, value from staff_setting where program_id = $1::int"
_PROGRAM = "select program_named($1::text) as program_id"
_decoded = msgspec.json.Decoder(dict[str, Any])


class Secrets(NamedTuple):
    """What is kept of somebody's password and PIN; '' where they have none."""

    password: str
    pin: str


class Wanted(Struct, frozen=True):
    """Which acts somebody wants to see, newest first; `since` and `until` are half open."""

    staff_id: UUID | None = None
    about: str = ""
    about_id: str = ""
    did: str = ""
    """An act such as `staff.closed`, or all of a kind, as in `staff`."""
    since: datetime | None = None
    until: datetime | None = None
    before: UUID | None = None
    """Where the last page ended."""
    limit: int = 50


async def program_called(tx: Tx, slug: str) -> int | None:
    """The number of the program with this public name; asked from outside any program."""
    found: int | None = (await tx.fetch(_PROGRAM, slug))[0]["program_id"]
    return found


async def all_staff(tx: Tx) -> list[Staff]:
    """Everybody who works or worked here."""
    return [_staff(row) for row in await tx.fetch(_ALL, tx.program_id)]


async def some_staff(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Staff]:
    """These of them; ids of nobody are left out."""
    rows = await tx.fetch(_SOME, tx.program_id, list(set(ids)))
    return {row["staff_id"]: _staff(row) for row in rows}


async def worked_in(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, list[WorkedIn]]:
    """In which stores these worked before they were given others, the earliest change first."""
    found: dict[UUID, list[WorkedIn]] = {}
    for row in await tx.fetch(_WORKED_IN, tx.program_id, [one.hex for one in set(ids)]):
        stores = _decoded.decode(row["before"])["stores"]
        then = WorkedIn(row["at"], None if stores is None else tuple(stores))
        found.setdefault(UUID(hex=row["about_id"]), []).append(then)
    return found


async def one_staff(tx: Tx, staff_id: UUID) -> Staff | None:
    """One of them."""
    return (await some_staff(tx, [staff_id])).get(staff_id)


async def by_email(tx: Tx, email: str) -> Staff | None:
    """Whoever has this address, in small letters."""
    rows = await tx.fetch(_BY_EMAIL, tx.program_id, email)
    return _staff(rows[0]) if rows else None


async def at_the_till(tx: Tx, store: str) -> list[Staff]:
    """Who may take over a till of this store by their PIN."""
    return [_staff(row) for row in await tx.fetch(_AT_TILL, tx.program_id, store)]


async def secrets_of(tx: Tx, staff_id: UUID) -> Secrets:
    """What is kept of somebody's password and PIN."""
    rows = await tx.fetch(_SECRETS, tx.program_id, staff_id)
    return Secrets(rows[0]["password"], rows[0]["pin"]) if rows else Secrets("", "")


async def session_by_token(tx: Tx, token_hash: bytes) -> Session | None:
    """The session whose token has this digest, open or not."""
    rows = await tx.fetch(_BY_TOKEN, tx.program_id, token_hash)
    return Session(**rows[0]) if rows else None


async def sessions_of(tx: Tx, staff_id: UUID) -> list[Session]:
    """The sessions of somebody that nobody ended; some may have run out."""
    return [Session(**row) for row in await tx.fetch(_OPEN_OF, tx.program_id, staff_id)]


async def whose_link(tx: Tx, link_hash: bytes) -> Staff | None:
    """For whom a link is that still sets a password."""
    rows = await tx.fetch(_LINK, tx.program_id, link_hash, tx.now)
    return await one_staff(tx, rows[0]["staff_id"]) if rows else None


async def passkey(tx: Tx, credential_id: bytes) -> Passkey | None:
    """One passkey, also one that opens nothing any more."""
    rows = await tx.fetch(_PASSKEY, tx.program_id, credential_id)
    return Passkey(**rows[0]) if rows else None


async def passkeys_of(tx: Tx, staff_id: UUID) -> list[Passkey]:
    """The passkeys by which somebody may come in."""
    return [Passkey(**row) for row in await tx.fetch(_PASSKEYS_OF, tx.program_id, staff_id)]


async def acts(tx: Tx, wanted: Wanted) -> list[Act]:
    """What staff did, newest first."""
    args = (
        wanted.staff_id, wanted.about, wanted.about_id, wanted.did, wanted.since, wanted.until,
        wanted.before, wanted.limit,
    )  # fmt: skip
    return [_act(row) for row in await tx.fetch(_ACTS, tx.program_id, *args)]


async def acts_on_member(
    tx: Tx, member_id: UUID, place: tuple[UUID | None, int], besides: Sequence[str] = ()
) -> list[Act]:
    """What staff did to one member before this place, so many at most, newest first.

    Shape: `besides` is left out.
    """
    names = [member_id.hex, f"mem_{member_id.hex}"]
    rows = await tx.fetch(_ACTS_ON_MEMBER, tx.program_id, names, *place, list(besides))
    return [_act(row) for row in rows]


async def tries_of(
    tx: Tx, subjects: Sequence[bytes], kinds: Sequence[TryKind]
) -> dict[tuple[TryKind, bytes], Tried]:
    """How often these were tried, as far as anything was counted."""
    rows = await tx.fetch(_TRIES, tx.program_id, list(subjects), list(kinds))
    return {(r["kind"], bytes(r["subject"])): Tried(r["tries"], r["began_at"]) for r in rows}


async def chosen(tx: Tx) -> Chosen:
    """What this shop decided about its staff and its counter."""
    rows = await tx.fetch(_CHOSEN, tx.program_id)
    return Chosen({(row["name"], row["about"]): row["value"] for row in rows})


def _staff(row: Mapping[str, Any]) -> Staff:
    told = dict(row)
    told["stores"] = None if told["stores"] is None else tuple(told["stores"])
    return Staff(**told)


def _act(row: Mapping[str, Any]) -> Act:
    told = dict(row)
    told["before"], told["after"] = _decoded.decode(told["before"]), _decoded.decode(told["after"])
    return Act(**told)
