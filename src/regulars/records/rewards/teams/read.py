"""Read teams; who was merged into somebody is read as a part of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.records.rewards.teams.types import Place, Team

_TEAMS = """
select t.team_id, t.challenge, t.name, t.code, t.member_id as founder_id, t.founded_at, t.club_id,
       coalesce(a.into_id, p.member_id) as member_id, p.place_id, p.since, p.until
  from team t
  join team_place p on p.program_id = t.program_id and p.team_id = t.team_id
  left join member_alias a on a.program_id = p.program_id and a.member_id = p.member_id
"""
_OF = f"""
with family as (
    select w.id as member_id from unnest($2::uuid[]) as w (id)
     union
    select a.member_id from member_alias a
     where a.program_id = $1 and a.into_id = any($2::uuid[])
)
{_TEAMS}
 where t.program_id = $1
   and t.team_id in (select m.team_id from family f
                       join team_place m on m.program_id = $1 and m.member_id = f.member_id)
 order by t.founded_at, t.team_id, p.since, p.place_id
"""  # noqa: S608
_BY_CODE = f"""
{_TEAMS}
 where t.program_id = $1 and t.code = any($2::text[])
 order by t.founded_at, t.team_id, p.since, p.place_id
"""
_OF_CLUB = f"""
{_TEAMS}
 where t.program_id = $1 and t.challenge = $2::text and t.club_id = $3::uuid
 order by t.founded_at, t.team_id, p.since, p.place_id
"""
# Nobody is shown to others by more than initials, and who has none or is gone not at all.
_CALLED = """
select m.member_id,
       concat_ws(' ', upper(nullif(left(trim(m.given_name), 1), '')) || '.',
                      upper(nullif(left(trim(m.family_name), 1), '')) || '.') as called
  from member m where m.program_id = $1 and m.member_id = any($2::uuid[]) and m.state <> 'erased'
"""


async def of(tx: Tx, member_ids: Sequence[UUID]) -> list[Team]:
    """Every team in which one of these is or was, whole, the oldest first."""
    return _teams(await tx.fetch(_OF, tx.program_id, member_ids))


async def by_code(tx: Tx, codes: Sequence[str]) -> dict[str, Team]:
    """The teams with these codes."""
    found = _teams(await tx.fetch(_BY_CODE, tx.program_id, codes))
    return {one.code: one for one in found}


async def of_club(tx: Tx, challenge: str, club_id: UUID) -> Team | None:
    """The team of this club in this challenge."""
    found = _teams(await tx.fetch(_OF_CLUB, tx.program_id, challenge, club_id))
    return found[0] if found else None


async def called(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What the others of a team read of each of these: initials."""
    rows = await tx.fetch(_CALLED, tx.program_id, member_ids)
    return {row["member_id"]: row["called"] for row in rows}


def _teams(rows: Sequence[Mapping[str, Any]]) -> list[Team]:
    places: dict[UUID, list[Place]] = {}
    for row in rows:
        place = Place(row["member_id"], row["place_id"], row["since"], row["until"])
        places.setdefault(row["team_id"], []).append(place)
    heads = {row["team_id"]: row for row in rows}
    return [
        Team(
            team_id=id_,
            challenge=head["challenge"],
            name=head["name"],
            code=head["code"],
            founder_id=head["founder_id"],
            founded_at=head["founded_at"],
            places=tuple(places[id_]),
            club_id=head["club_id"],
        )
        for id_, head in heads.items()
    ]
