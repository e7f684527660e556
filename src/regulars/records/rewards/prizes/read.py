"""Read deeds, parts and prizes; who was merged into somebody is read as a part of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.rewards.prizes.types import Deed, Part, Prize

_FAMILY = """with family as (
    select w.id as member_id, w.id as stands_as from unnest($2::uuid[]) as w (id)
     union
    select a.member_id, a.into_id from member_alias a
     where a.program_id = $1 and a.into_id = any($2::uuid[])
)"""
_DUE = """
select member_id, due_at from prize_clock
 where program_id = $1 and due_at <= $2 and member_id <> all($4::uuid[])
 order by due_at, member_id limit $3
"""
_SINCE = """
select member_id, since from prize_clock where program_id = $1 and member_id = any($2::uuid[])
"""
_DEEDS = f"""
{_FAMILY}
select f.stands_as, d.member_id, d.activity_id, d.occurred_at, d.own_day
  from family f
  join deed d on d.program_id = $1 and d.member_id = f.member_id
  left join unnest($3::uuid[], $4::timestamptz[]) as s (member_id, since)
         on s.member_id = f.stands_as
 where s.since is null or d.occurred_at >= s.since
 order by d.occurred_at, d.activity_id
"""  # noqa: S608
_PARTS = f"""
{_FAMILY}
select f.stands_as, p.member_id, p.part_id, p.challenge, p.since
  from family f
  join challenge_part p on p.program_id = $1 and p.member_id = f.member_id
 order by p.since, p.part_id
"""  # noqa: S608
_PRIZES = f"""
{_FAMILY}
select f.stands_as, p.member_id, p.prize_id, p.game, p.name, p.began_on, p.place, p.version,
       p.deed_id, p.reached_at, p.wallet, p.units, p.entry_id, p.grant_id, p.badge, p.given_at,
       p.undone_at, p.undone_by, p.about, p.reward, p.redemption_id,
       exists(select from came_along c where c.program_id = $1 and c.about = p.prize_id) as came
  from family f
  join prize p on p.program_id = $1 and p.member_id = f.member_id and p.undone_at is null
 order by p.given_at, p.prize_id
"""  # noqa: S608


async def due(tx: Tx, most: int, parked: Sequence[UUID] | frozenset[UUID]) -> dict[UUID, datetime]:
    """Members who did something since their prizes were settled, and since when they wait; those
    who wait longest first."""
    rows = await tx.fetch(_DUE, tx.program_id, tx.now, most, list(parked))
    return {row["member_id"]: row["due_at"] for row in rows}


async def since(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """The earliest deed on account of which each is looked at; nothing for whom it is all."""
    rows = await tx.fetch(_SINCE, tx.program_id, member_ids)
    return {row["member_id"]: row["since"] for row in rows if row["since"] is not None}


async def deeds(
    tx: Tx, member_ids: Sequence[UUID], since: Mapping[UUID, datetime] | None = None
) -> dict[UUID, list[Deed]]:
    """What each of these members did (of some since an instant), in the order it happened."""
    begun = since or {}
    args = (member_ids, list(begun), list(begun.values()))
    return _by_whom(await tx.fetch(_DEEDS, tx.program_id, *args), Deed)


async def parts(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, list[Part]]:
    """In which challenges each of these members takes part, since when."""
    return _by_whom(await tx.fetch(_PARTS, tx.program_id, member_ids), Part)


async def prizes(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, list[Prize]]:
    """The prizes each of these members has, the oldest first."""
    return _by_whom(await tx.fetch(_PRIZES, tx.program_id, member_ids), Prize)


def _by_whom(rows: Sequence[Mapping[str, Any]], shape: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        fields = dict(row)
        found.setdefault(fields.pop("stands_as"), []).append(shape(**fields))
    return found
