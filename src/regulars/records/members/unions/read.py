"""Read who was merged into whom, and who shares a household."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.records.members import read as members
from regulars.records.members.unions.below import BELOW
from regulars.records.members.unions.types import Brought, Household, Merge, Place

_ALIASES = """
select member_id, into_id from member_alias
 where program_id = $1::int and member_id = any($2::uuid[])
"""
_FAMILY = """
select member_id from member_alias where program_id = $1::int and into_id = any($2::uuid[])
"""
_MERGED = """
select into_id, member_id from member_alias
 where program_id = $1::int and into_id = any($2::uuid[]) order by member_id
"""
_RETURNS = """
select count(*) as returns from activity a
  join activity s on s.program_id = a.program_id and s.activity_id = a.sale_id
 where a.program_id = $1::int and a.sale_id is not null and s.member_id = any($2::uuid[])
"""
_MERGES = """
select merge_id, from_id, into_id, brought::text as brought, takes, merged_at from member_merge
 where program_id = $1::int and from_id = any($2::uuid[]) and unmerged_at is null
"""
_EVER = """
select from_id as member_id from member_merge
 where program_id = $1::int and from_id = any($2::uuid[])
 union
select into_id from member_merge where program_id = $1::int and into_id = any($2::uuid[])
"""
_ABOVE = """
with recursive above as (
    select from_id as who, into_id, 1 as far from member_merge
     where program_id = $1::int and from_id = any($2::uuid[]) and unmerged_at is null
    union all
    select a.who, m.into_id, a.far + 1 from above a
      join member_merge m on m.program_id = $1::int and m.from_id = a.into_id
                         and m.unmerged_at is null)
select who, array_agg(into_id order by far) as above from above group by who
"""
_PLACES = """
select place_id, household_id, member_id, role, joined_at, limits::text as limits
  from household_member
 where program_id = $1::int and left_at is null
   and (household_id = any($2::uuid[]) or member_id = any($3::uuid[]))
 order by household_id, role = 'head' desc, joined_at, member_id
"""
_NAMES = """
select household_id, name from household
 where program_id = $1::int and household_id = any($2::uuid[])
"""
_limits = msgspec.json.Decoder(dict[str, int]).decode
_brought = msgspec.json.Decoder(Brought).decode


async def aliases(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """As whom these members stand, of those who were merged."""
    rows = await tx.fetch(_ALIASES, tx.program_id, list(set(ids)))
    return {row["member_id"]: row["into_id"] for row in rows}


async def family(tx: Tx, ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """These members and everybody who was merged into one of them."""
    rows = await tx.fetch(_FAMILY, tx.program_id, list(ids))
    return (*ids, *sorted(row["member_id"] for row in rows))


async def merged(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Who was merged into each of these members; into whom nobody was, is left out."""
    found: dict[UUID, tuple[UUID, ...]] = {}
    for row in await tx.fetch(_MERGED, tx.program_id, list(ids)):
        found[row["into_id"]] = (*found.get(row["into_id"], ()), row["member_id"])
    return found


async def returns(tx: Tx, ids: Sequence[UUID]) -> int:
    """How often something came back of what these members had bought."""
    rows = await tx.fetch(_RETURNS, tx.program_id, list(ids))
    return int(rows[0]["returns"])


async def merges(tx: Tx, from_ids: Iterable[UUID]) -> dict[UUID, Merge]:
    """The merges in force by which these members were merged into others."""
    rows = await tx.fetch(_MERGES, tx.program_id, list(set(from_ids)))
    return {row["from_id"]: _merge(row) for row in rows}


async def ever_merged(tx: Tx, ids: Iterable[UUID]) -> frozenset[UUID]:
    """Which of these were ever merged with another, also where that was undone since."""
    rows = await tx.fetch(_EVER, tx.program_id, sorted(set(ids)))
    return frozenset(row["member_id"] for row in rows)


async def above(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Whom these members were merged into, and those in turn, as far as merges are in force."""
    rows = await tx.fetch(_ABOVE, tx.program_id, sorted(set(ids)))
    return {row["who"]: tuple(row["above"]) for row in rows}


async def below(tx: Tx, member_id: UUID) -> list[UUID]:
    """Who was merged into this member and stands under them, also where that one was merged on."""
    rows = await tx.fetch(BELOW, tx.program_id, member_id)
    return sorted(row["from_id"] for row in rows)


async def households(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Household]:
    """These households with who belongs to them now."""
    wanted = list(set(ids))
    names = await tx.fetch(_NAMES, tx.program_id, wanted)
    rows = await tx.fetch(_PLACES, tx.program_id, wanted, [])
    places: dict[UUID, list[Place]] = {}
    for place in map(_place, rows):
        places.setdefault(place.household_id, []).append(place)
    return {
        row["household_id"]: Household(
            row["household_id"], row["name"], tuple(places.get(row["household_id"], ()))
        )
        for row in names
    }


async def places(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, Place]:
    """In which households these members are now; those who are in none are left out."""
    rows = await tx.fetch(_PLACES, tx.program_id, [], list(member_ids))
    return {place.member_id: place for place in map(_place, rows)}


def _place(row: Mapping[str, Any]) -> Place:
    return Place(**dict(row) | {"limits": _limits(row["limits"])})


def _merge(row: Mapping[str, Any]) -> Merge:
    return Merge(
        row["merge_id"],
        row["from_id"],
        row["into_id"],
        _brought(row["brought"]),
        row["takes"],
        row["merged_at"],
    )


async def held(tx: Tx, meant: Sequence[UUID | None]) -> dict[UUID, UUID]:
    """As whom each of these stands now, held until this transaction ends; who is no member here, or
    not any more, is left out."""
    ids = sorted({who for who in meant if who is not None})
    await members.lock(tx, ids)
    found = await members.members(tx, ids)
    stands = await aliases(tx, ids)
    return {who: stands.get(who, who) for who, one in found.items() if one.state != "erased"}
