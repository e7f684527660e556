"""Find members by whatever they show, and read what is kept about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from regulars.base.faults import Fault, UnknownMember
from regulars.base.tx import Tx
from regulars.records.members.identify import normal_ref
from regulars.records.members.number import with_check_digit
from regulars.records.members.profile import person_name
from regulars.records.members.types import Attributes, Blocked, Identifier, Member, MemberRef

# What a transaction saw when it first looked somebody up; `standing.rows` asks whether a merge was
# undone since. Worked out once per statement.
_LOOKED = """(select set_config('regulars.looked', coalesce(
       nullif(current_setting('regulars.looked', true), ''), pg_current_snapshot()::text), true))"""
_RESOLVE = f"""
select i.kind, i.value, i.member_id, {_LOOKED} as looked
  from unnest($2::text[], $3::text[]) as w (kind, value)
  join identifier i on i.program_id = $1::int and i.kind = w.kind and i.value = w.value
"""  # noqa: S608
# Who was merged is meant as the member they stand under now.
_MEANT = f"""
select m.member_id, coalesce(a.into_id, m.member_id) as stands_as, {_LOOKED} as looked
  from member m
  left join member_alias a on a.program_id = m.program_id and a.member_id = m.member_id
 where m.program_id = $1::int and m.member_id = any($2::uuid[])
"""  # noqa: S608
_CHOSEN = """
select member_id from member
 where program_id = $1 and state in ('active', 'unregistered') and attributes @> $2::text::jsonb
 order by member_id limit $3
"""
_PRESENT = """
select member_id from member where program_id = $1::int and member_id = any($2::uuid[])
"""
_COLUMNS = """
select member_id, number, state, given_name, family_name, locale, zone, attributes, joined_at,
       recorded_at
  from member
"""
_MEMBERS = f"{_COLUMNS} where program_id = $1::int and member_id = any($2::uuid[])"
_SEARCH = f"""{_COLUMNS}
 where program_id = $1::int
   and ($2::timestamptz is null or (joined_at, member_id) > ($2::timestamptz, $3::uuid))
   and ($4::text = '' or starts_with(lower(given_name), lower($4::text))
        or starts_with(lower(family_name), lower($4::text))
        or starts_with(lower(given_name || ' ' || family_name), lower($4::text)))
 order by joined_at, member_id limit $5::int
"""
_BLOCKS_OF = """
select block_id, blocked, actor, reason, recorded_at from block
 where program_id = $1::int and member_id = $2::uuid and ($3::uuid is null or block_id < $3::uuid)
 order by block_id desc limit $4::int
"""
_BEFORE_BLOCK = """
select distinct on (member_id) member_id, before from block
 where program_id = $1::int and member_id = any($2::uuid[]) and blocked
 order by member_id, block_id desc
"""
_HOW_MANY = "select count(*) as members from member where program_id = $1::int"
_IDENTIFIERS = """
select member_id, kind, value from identifier
 where program_id = $1::int and member_id = any($2::uuid[])
 order by member_id, kind, linked_at, value
"""
# Sorted, so that two transactions that meet on several members wait instead of deadlocking.
_VERSIONS = """
select member_id, version from standing where program_id = $1::int and member_id = any($2::uuid[])
"""
_LOCK = """
select member_id, version from standing
 where program_id = $1::int and member_id = any($2::uuid[])
 order by member_id for update
"""
_attributes = msgspec.json.Decoder(Attributes)


class Place(NamedTuple):
    """Where a page of members ended."""

    joined_at: datetime
    member_id: UUID


class Page(NamedTuple):
    """Some members in the order they joined, and where to go on."""

    members: list[Member]
    after: Place | None


async def resolve(tx: Tx, identifiers: Iterable[Identifier]) -> dict[Identifier, UUID]:
    """Whose these names are; a name that finds nobody is left out."""
    wanted = set(identifiers)
    if not wanted:
        return {}
    kinds, values = [w.kind for w in wanted], [w.value for w in wanted]
    rows = await tx.fetch(_RESOLVE, tx.program_id, kinds, values)
    return {Identifier(row["kind"], row["value"]): row["member_id"] for row in rows}


async def whom(
    tx: Tx, country: str | None, refs: Sequence[MemberRef], *, field: str = "/member"
) -> list[UUID | Fault]:
    """Who is meant by each reference: the member's id, or the fault to answer with."""
    meant = [_meant(ref, country, field) for ref in refs]
    names = await resolve(tx, (m for m in meant if isinstance(m, Identifier)))
    ids = await _stand_as(tx, {m for m in meant if isinstance(m, UUID)})
    return [_found(one, ref, names, ids, field) for one, ref in zip(meant, refs, strict=True)]


async def present(tx: Tx, ids: Iterable[UUID]) -> set[UUID]:
    """Which of these ids are members."""
    wanted = set(ids)
    if not wanted:
        return set()
    rows = await tx.fetch(_PRESENT, tx.program_id, list(wanted))
    return {row["member_id"] for row in rows}


async def chosen(tx: Tx, attribute: tuple[str, bool | int | str] | None, most: int) -> list[UUID]:
    """Members who collect here, all of them or those with an attribute; at most so many."""
    has = "{}" if attribute is None else msgspec.json.encode(dict([attribute])).decode()
    rows = await tx.fetch(_CHOSEN, tx.program_id, has, most)
    return [row["member_id"] for row in rows]


async def _stand_as(tx: Tx, ids: set[UUID]) -> dict[UUID, UUID]:
    """As whom these members stand now: as themselves, or as whom they were merged into."""
    if not ids:
        return {}
    rows = await tx.fetch(_MEANT, tx.program_id, list(ids))
    return {row["member_id"]: row["stands_as"] for row in rows}


async def members(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Member]:
    """These members as they are kept; ids of nobody are left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = await tx.fetch(_MEMBERS, tx.program_id, list(wanted))
    return {row["member_id"]: member_of(row) for row in rows}


async def search(tx: Tx, *, name: str = "", after: Place | None = None, limit: int = 50) -> Page:
    """Members in the order they joined, all or those whose name begins like this.

    Who is looked for by telephone, e-mail, card or number is found with `whom`.
    """
    since, last = after or (None, None)
    begins = person_name(name, "/name")
    rows = await tx.fetch(_SEARCH, tx.program_id, since, last, begins, limit + 1)
    found = [member_of(row) for row in rows[:limit]]
    more = len(rows) > limit
    return Page(found, Place(found[-1].joined_at, found[-1].id) if more else None)


async def before_block(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, str]:
    """In which state these members were when they were last blocked."""
    rows = await tx.fetch(_BEFORE_BLOCK, tx.program_id, list(set(ids)))
    return {row["member_id"]: row["before"] for row in rows}


async def blocks_of(tx: Tx, id_: UUID, before: UUID | None, most: int) -> list[Blocked]:
    """How often this member was blocked and let go again before this place, the latest first."""
    rows = await tx.fetch(_BLOCKS_OF, tx.program_id, id_, before, most)
    return [Blocked(**row) for row in rows]


async def how_many(tx: Tx) -> int:
    """How many members there are, unregistered cards included."""
    return int((await tx.fetch(_HOW_MANY, tx.program_id))[0]["members"])


async def identifiers_of(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, list[Identifier]]:
    """All names these members are found by, each member's by kind and then oldest first."""
    wanted = list(set(ids))
    names: dict[UUID, list[Identifier]] = {id_: [] for id_ in wanted}
    for row in await tx.fetch(_IDENTIFIERS, tx.program_id, wanted) if wanted else ():
        names[row["member_id"]].append(Identifier(row["kind"], row["value"]))
    return names


async def lock(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, int]:
    """Hold these members until the transaction ends; answers how many writes each has seen.

    Order: what is decided on must be read after this, in a statement of its own.
    """
    wanted = list(set(ids))
    if not wanted:
        return {}
    rows = await tx.fetch(_LOCK, tx.program_id, wanted)
    return {row["member_id"]: row["version"] for row in rows}


async def versions(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, int]:
    """Which version each of these members stands at, unheld: an event that bears it is told behind
    what made it so."""
    rows = await tx.fetch(_VERSIONS, tx.program_id, sorted(ids))
    return {row["member_id"]: row["version"] for row in rows}


async def free_numbers(tx: Tx, count: int) -> list[str]:
    """Loyalty numbers nobody has, as many as asked for."""
    free: dict[str, None] = {}
    while len(free) < count:
        drawn = [with_check_digit(tx.new_number()) for _ in range(count - len(free))]
        taken = await resolve(tx, (Identifier("number", number) for number in drawn))
        free |= {number: None for number in drawn if Identifier("number", number) not in taken}
    return list(free)


def _meant(ref: MemberRef, country: str | None, field: str) -> UUID | Identifier | Fault:
    try:
        return normal_ref(ref, country, field=field)
    except Fault as fault:
        return fault


def _found(
    meant: UUID | Identifier | Fault,
    ref: MemberRef,
    names: Mapping[Identifier, UUID],
    ids: Mapping[UUID, UUID],
    field: str,
) -> UUID | Fault:
    if isinstance(meant, Fault):
        return meant
    if isinstance(meant, Identifier) and meant in names:
        return names[meant]
    if isinstance(meant, UUID) and meant in ids:
        return ids[meant]
    return unknown(ref, field)


def unknown(ref: MemberRef, field: str) -> UnknownMember:
    """The fault of a reference that means nobody."""
    (kind,) = ref.said()
    return UnknownMember(
        "Nobody here is known by this",
        field=f"{field}/{kind}",
        mend="Check it for a slip, or let them join first",
    )


def member_of(row: Mapping[str, Any]) -> Member:
    """A member from a row that has all columns of the table."""
    return Member(
        id=row["member_id"],
        number=row["number"],
        state=row["state"],
        joined_at=row["joined_at"],
        recorded_at=row["recorded_at"],
        given_name=row["given_name"],
        family_name=row["family_name"],
        locale=row["locale"],
        zone=row["zone"],
        attributes=_attributes.decode(row["attributes"]),
    )
