"""The erasure list as a file, kept apart from backups and applied to one that was restored.

It has pseudonyms, digests and their salts: no name, but enough to try names out. Every backup
adds to it beside itself, where the names of then lie anyway, and restoring applies it (ADR 0890);
keep one more apart from them.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct
from msgspec.structs import astuple

from regulars.base.faults import Invalid
from regulars.flows.membership.erase_members import erase_members
from regulars.records.members.types import Asked, Erased, EraseMember
from regulars.runtime.installation.addresses import Addresses
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

LISTS: Final = "erasures-*.json"
_NAMES = """
select digest, member_id, erased_at from erased_name where program_id = $1
 order by erased_at, member_id, digest
"""
# Whoever went with an import that was taken back did not ask to be forgotten, and may come again.
_MEMBERS = """
select member_id, erased_at from erasure
 where program_id = $1 and not starts_with(actor, 'import:')
 order by erased_at, member_id
"""
_TAKE_SALTS = """
insert into erasure_salt select $1::int, unnest($2::bytea[]) on conflict do nothing
"""
_TAKE_NAMES = """
insert into erased_name
select $1::int, n.digest, n.member_id, n.erased_at
  from unnest($2::bytea[], $3::uuid[], $4::timestamptz[]) as n (digest, member_id, erased_at)
    on conflict do nothing
"""
_CALLED = "select program_id from program where slug = $1"
_PEOPLED = """
select slug from program p
 where exists (select from member m where m.program_id = p.program_id) order by slug
"""
_AT_ONCE = 100
_AGAIN: Final = "the erasure list"
"""Who asks, where a list is applied: it does not say who of the shop asked then."""


class OfMember(Struct, frozen=True):
    """An erased member. Who asked for it may be a name of the shop's people, and is left out."""

    member_id: UUID
    erased_at: datetime


class OfName(Struct, frozen=True):
    """A digest of a name they had."""

    digest: bytes
    member_id: UUID
    erased_at: datetime


class ErasureList(Struct, frozen=True):
    """All erasures of a program."""

    program: str
    salts: tuple[bytes, ...]
    members: tuple[OfMember, ...]
    names: tuple[OfName, ...]


class Applied(Struct, frozen=True):
    """What applying a list came to."""

    erased: int
    erased_before: int
    not_here: int
    names: int


async def read_list(owner: Any, program_id: int, slug: str) -> ErasureList:
    """The list as the database has it."""
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        salts = await owner.fetch("select salt from erasure_salt where program_id = $1", program_id)
        members = await owner.fetch(_MEMBERS, program_id)
        names = await owner.fetch(_NAMES, program_id)
    return ErasureList(
        slug,
        tuple(row["salt"] for row in salts),
        tuple(OfMember(*row.values()) for row in members),
        tuple(OfName(*row.values()) for row in names),
    )


def keep_list(found: ErasureList, path: Path) -> Path | None:
    """Add the list to a file only its owner may read; whole, or as it was before.

    Keeps: whoever was on it. Books that were restored without their list do not know who was
    erased since, and neither does a drill of the same name; nobody's wish is lost by that.
    Shape: where the file of before could not be read or is of another program, the name under which
    it is kept.
    """
    aside = None
    try:
        before = list_in(path) if path.exists() else found
        if before.program != found.program:
            raise Invalid(f"{path} is of the program {before.program}")
        found = _united(before, found)
    except Invalid:
        aside = _free_name(path)
        path.rename(aside)
    begun = path.with_name(f"{path.name}.partial")
    begun.unlink(missing_ok=True)
    opened = os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(found), indent=1))
        file.flush()
        os.fsync(file.fileno())
    begun.replace(path)
    return aside


def _free_name(path: Path) -> Path:
    """A name beside it that is not taken, and is not looked for when a backup is restored."""
    places = (path.with_name(f"{path.name}.unread-{number}") for number in itertools.count(1))
    return next(place for place in places if not place.exists())


def _united(before: ErasureList, found: ErasureList) -> ErasureList:
    """Everybody of both lists, once; of whom both know, what the second says."""
    members = {one.member_id: one for one in (*before.members, *found.members)}
    names = {(one.digest, one.member_id): one for one in (*before.names, *found.names)}
    return ErasureList(
        found.program,
        tuple(sorted({*before.salts, *found.salts})),
        tuple(sorted(members.values(), key=lambda one: (one.erased_at, one.member_id))),
        tuple(sorted(names.values(), key=lambda one: (one.erased_at, one.member_id, one.digest))),
    )


def list_in(path: Path) -> ErasureList:
    """The list in a file. Faults: Invalid."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=ErasureList)
    except (OSError, msgspec.MsgspecError) as wrong:
        raise Invalid(f"{path} is not an erasure list: {wrong}", field="--reapply") from None


async def apply_list(
    owner: Any, database: Database, program_id: int, found: ErasureList
) -> Applied:
    """Erase again whoever is on the list, as of their own day, and learn the names of all others.

    Order: the names first, so that nobody can come back while the members go. Doing it twice
    changes nothing; killed half-way, the next run goes on.
    """
    async with owner.transaction():
        await owner.execute(_TAKE_SALTS, program_id, list(found.salts))
        await owner.execute(
            _TAKE_NAMES, program_id, [n.digest for n in found.names],
            [n.member_id for n in found.names], [n.erased_at for n in found.names],
        )  # fmt: skip
    terms = await Programs(database).terms(program_id)
    erased = before = missing = 0
    for start in range(0, len(found.members), _AT_ONCE):
        batch = [
            EraseMember(one.member_id, one.erased_at, Asked(_AGAIN))
            for one in found.members[start : start + _AT_ONCE]
        ]
        async with database.transaction(program_id) as tx:
            outcomes = await erase_members(tx, terms, batch)
        fresh = [one for one in outcomes if isinstance(one, Erased)]
        erased += sum(not one.replayed for one in fresh)
        before += sum(one.replayed for one in fresh)
        missing += len(outcomes) - len(fresh)
    return Applied(erased, before, missing, len(found.names))


async def keep_lists(where: Addresses, folder: Path) -> list[Path]:
    """Add the list of every program to its file in a folder; none before there are tables."""
    owner, kept = await asyncpg.connect(where.owner), list[Path]()
    try:
        if not await owner.fetchval("select to_regclass('erasure_salt') is not null"):
            return kept
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for row in await owner.fetch("select program_id, slug from program order by slug"):
            found = await read_list(owner, row["program_id"], row["slug"])
            kept.append(folder / LISTS.replace("*", row["slug"]))
            aside = keep_list(found, kept[-1])
            kept += [aside] if aside else []
    finally:
        await owner.close()
    return kept


def lists_at(place: Path) -> list[ErasureList]:
    """The list in this file, or every list in this folder. Faults: Invalid."""
    files = sorted(place.glob(LISTS)) if place.is_dir() else [place]
    return [list_in(file) for file in files]


async def apply_lists(where: Addresses, lists: Sequence[ErasureList]) -> Applied:
    """Erase again whoever is on these lists, each in its program; how much it came to in all.

    A list of a program that is not here has nothing to say.
    """
    owner = await asyncpg.connect(where.owner)
    database = await Database.connect(where.app, size=2)
    done = Applied(0, 0, 0, 0)
    try:
        for found in lists:
            id_ = await owner.fetchval(_CALLED, found.program)
            if id_ is not None and (found.members or found.names):
                more = await apply_list(owner, database, id_, found)
                done = Applied(*map(sum, zip(astuple(done), astuple(more), strict=True)))
    finally:
        await database.close()
        await owner.close()
    return done


async def unlisted_in(owner: Any, lists: Sequence[ErasureList]) -> tuple[str, ...]:
    """Programs with people in the books, of which none of these lists is."""
    listed = {one.program for one in lists}
    return tuple(row["slug"] for row in await owner.fetch(_PEOPLED) if row["slug"] not in listed)
