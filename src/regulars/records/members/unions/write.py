"""Keep who was merged into whom, and who shares a household."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.members.unions.below import BELOW
from regulars.records.members.unions.types import Merge, Place

_LOCK = waiting_for(Alone.HOUSEHOLDS)
_MERGE = """
insert into member_merge (program_id, merge_id, from_id, into_id, brought, takes, actor, reason,
                          merged_at)
values ($1::int, $2::uuid, $3::uuid, $4::uuid, $5::text::jsonb, $6::bigint, $7::text, $8::text,
        $9::timestamptz)
"""
_UNMERGE = """
update member_merge set unmerged_at = $3::timestamptz, unmerged_by = $4::text,
                        unmerged_because = $5::text, parted = pg_current_xact_id()
 where program_id = $1::int and merge_id = $2::uuid
"""
# Who had been merged into the one that goes stands under the other one too from now on.
_CARRY = """
update member_alias set into_id = $3::uuid
 where program_id = $1::int and into_id = $2::uuid
"""
_ALIAS = """
insert into member_alias (program_id, member_id, into_id) values ($1::int, $2::uuid, $3::uuid)
"""
_CARRY_BACK = f"""
update member_alias set into_id = $2::uuid
 where program_id = $1::int and member_id in ({BELOW})
"""  # noqa: S608 - statements of ours
_UNALIAS = """
delete from member_alias where program_id = $1::int and member_id = $2::uuid
"""
_FOUND = """
insert into household (program_id, household_id, name, actor, recorded_at)
select $1::int, h.*, $4::text, $5::timestamptz
  from unnest($2::uuid[], $3::text[]) as h
"""
_ENTER = """
insert into household_member (program_id, member_id, place_id, household_id, role, joined_at,
                              limits, actor)
select $1::int, p.member_id, p.place_id, p.household_id, p.role, p.joined_at, p.limits::jsonb,
       $8::text
  from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::text[])
       as p (place_id, household_id, member_id, role, joined_at, limits)
"""
# However far a clock was set back: nobody left before they came, nor before they last took or gave
# something here.
_LEAVE = """
update household_member set left_at = greatest($4::timestamptz, joined_at, (
       select max(e.recorded_at) from entry e
        where e.program_id = $1::int and e.member_id = p.member_id and e.kind = 'pool'
          and e.cause_id = household_member.household_id and e.entry_id > p.place_id))
  from unnest($2::uuid[], $3::uuid[]) as p (member_id, place_id)
 where household_member.program_id = $1::int and household_member.member_id = p.member_id
   and household_member.place_id = p.place_id
"""
_encode = msgspec.json.Encoder().encode


async def lock_households(tx: Tx) -> None:
    """Let nobody else change households in this program until this transaction ends.

    Order: before any standing is locked.
    """
    await tx.fetch(_LOCK, tx.program_id)


def keep_merge(tx: Tx, merge: Merge, said: tuple[str, str]) -> list[Write]:
    """Keep a merge with what came along; `said` is who wants it and why."""
    brought = _encode(merge.brought).decode()
    ids = (merge.merge_id, merge.from_id, merge.into_id)
    head = Write(_MERGE, (tx.program_id, *ids, brought, merge.takes, *said, merge.merged_at))
    return [head, Write(_ALIAS, (tx.program_id, merge.from_id, merge.into_id))]


def carry(tx: Tx, merge: Merge) -> list[Write]:
    """Whoever stands under the one that goes stands under the other, in a round of its own."""
    return [Write(_CARRY, (tx.program_id, merge.from_id, merge.into_id))]


def end_merge(tx: Tx, merge: Merge, said: tuple[str, str]) -> list[Write]:
    """Keep that a merge was undone, by whom and why."""
    return [
        Write(_UNMERGE, (tx.program_id, merge.merge_id, tx.now, *said)),
        Write(_UNALIAS, (tx.program_id, merge.from_id)),
    ]


def carry_back(tx: Tx, merge: Merge) -> list[Write]:
    """Whoever stood under the one that comes back does so again, in a round of its own."""
    return [Write(_CARRY_BACK, (tx.program_id, merge.from_id))]


def found(tx: Tx, names: Mapping[UUID, str], actor: str) -> list[Write]:
    """Keep households nobody belongs to yet, by their names."""
    if not names:
        return []
    return [Write(_FOUND, (tx.program_id, list(names), list(names.values()), actor, tx.now))]


def enter(tx: Tx, places: Sequence[Place], actor: str) -> list[Write]:
    """Keep who belongs to which household from now on."""
    if not places:
        return []
    rows = [(*place[:-1], _encode(place.limits).decode()) for place in places]
    return [Write(_ENTER, (tx.program_id, *map(list, zip(*rows, strict=True)), actor))]


def leave(tx: Tx, places: Sequence[Place]) -> list[Write]:
    """Keep who belongs to a household no longer; in a round before anybody enters.

    Keeps: the instant of now, or a later one by which something of theirs was shared.
    """
    if not places:
        return []
    members, ids = [p.member_id for p in places], [p.place_id for p in places]
    return [Write(_LEAVE, (tx.program_id, members, ids, tx.now))]
