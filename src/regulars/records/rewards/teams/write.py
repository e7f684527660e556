"""Keep teams and who is in them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.alone import Alone, waiting_for
from regulars.base.tx import Tx, Write
from regulars.records.rewards.teams.types import Place, Team

_LOCK = waiting_for(Alone.TEAMS)
_FOUND = """
insert into team (program_id, team_id, challenge, name, code, member_id, founded_at,
                  club_id)
select $1::int, t.* from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[],
                                $7::timestamptz[], $8::uuid[]) as t
"""
_ENTER = """
insert into team_place (program_id, member_id, place_id, team_id, since)
select $1::int, p.* from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[]) as p
"""
_LEAVE = """
update team_place set until = $3::timestamptz
 where program_id = $1::int and place_id = any($2::uuid[])
"""


async def lock_teams(tx: Tx) -> None:
    """Let nobody else change teams in this program until this transaction ends.

    Order: before any standing is locked.
    """
    await tx.fetch(_LOCK, tx.program_id)


def found(tx: Tx, teams: Sequence[Team]) -> list[Write]:
    """Keep new teams; who is in them is kept by `enter`."""
    if not teams:
        return []
    rows = [
        (t.team_id, t.challenge, t.name, t.code, t.founder_id, t.founded_at, t.club_id)
        for t in teams
    ]
    return [Write(_FOUND, (tx.program_id, *(list(column) for column in zip(*rows, strict=True))))]


def enter(tx: Tx, places: Sequence[tuple[UUID, Place]]) -> list[Write]:
    """Keep who comes into which team."""
    if not places:
        return []
    rows = [(one.member_id, one.place_id, team_id, one.since) for team_id, one in places]
    return [Write(_ENTER, (tx.program_id, *(list(column) for column in zip(*rows, strict=True))))]


def leave(tx: Tx, place_ids: Sequence[UUID]) -> list[Write]:
    """Keep that these places are left now."""
    if not place_ids:
        return []
    return [Write(_LEAVE, (tx.program_id, list(place_ids), tx.now))]
