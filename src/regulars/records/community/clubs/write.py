"""Keep clubs, who is in them and who was asked."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.community.clubs.types import Club, Place

_LOCK = waiting_for(Alone.COMMUNITY)
_KEEP = """
insert into club (program_id, club_id, code, name, says, joins, tiers, store, state, version,
                  made_at, made_by, changed_at, changed_by)
values ($1::int, $2::uuid, $3::text, $4::text, $5::text::jsonb, $6::text, $7::text[], $8::text,
        $9::text, $10::int, $11::timestamptz, $12::text, $13::timestamptz, $14::text)
    on conflict (program_id, club_id) do update
   set name = excluded.name, says = excluded.says, joins = excluded.joins, tiers = excluded.tiers,
       store = excluded.store, state = excluded.state, version = excluded.version,
       changed_at = excluded.changed_at, changed_by = excluded.changed_by
"""
_ENTER = """
insert into club_place (program_id, member_id, place_id, club_id, since, shows, told_of)
select $1::int, p.* from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::bool[],
                                $7::bool[]) as p
"""
_LEAVE = """
update club_place set until = greatest($3::timestamptz, since)
 where program_id = $1::int and place_id = any($2::uuid[]) and until is null
"""
_CHOOSE = """
update club_place p set shows = c.shows, told_of = c.told_of
  from unnest($2::uuid[], $3::bool[], $4::bool[]) as c (place_id, shows, told_of)
 where p.program_id = $1::int and p.place_id = c.place_id
"""
_INVITE = """
insert into club_invitation (program_id, member_id, club_id, made_at, made_by)
select $1::int, i.* from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[]) as i
    on conflict do nothing
"""


async def hold(tx: Tx) -> None:
    """Nobody else keeps a club or a gathering for as long."""
    await tx.fetch(_LOCK, tx.program_id)


def keep(tx: Tx, one: Club) -> list[Write]:
    """This club as it is now."""
    return [Write(_KEEP, (
        tx.program_id, one.club_id, one.code, one.name, msgspec.json.encode(one.says).decode(),
        one.joins, list(one.tiers), one.store, one.state, one.version, one.made_at, one.made_by,
        one.changed_at, one.changed_by,
    ))]  # fmt: skip


def enter(tx: Tx, places: Sequence[Place]) -> list[Write]:
    """These are in from now on."""
    if not places:
        return []
    columns = [
        [one.member_id for one in places], [one.place_id for one in places],
        [one.club_id for one in places], [one.since for one in places],
        [one.shows for one in places], [one.told_of for one in places],
    ]  # fmt: skip
    return [Write(_ENTER, (tx.program_id, *columns))]


def leave(tx: Tx, place_ids: Sequence[UUID]) -> list[Write]:
    """These places are left now."""
    return [Write(_LEAVE, (tx.program_id, list(place_ids), tx.now))] if place_ids else []


def choose(tx: Tx, chosen: Sequence[tuple[UUID, bool, bool]]) -> list[Write]:
    """In these places the member is shown or not, and sees who is new or not."""
    if not chosen:
        return []
    return [Write(_CHOOSE, (tx.program_id, *(list(each) for each in zip(*chosen, strict=True))))]


def invite(tx: Tx, asked: Sequence[tuple[UUID, UUID]], by: str) -> list[Write]:
    """These members are asked to join these clubs; who was, still is."""
    if not asked:
        return []
    who, what = (list(each) for each in zip(*asked, strict=True))
    columns = (who, what, [tx.now] * len(asked), [by] * len(asked))
    return [Write(_INVITE, (tx.program_id, *columns))]
