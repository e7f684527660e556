"""How far a team is with a challenge, and who of it did how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from regulars.engine.rewarding.gaming import challenges
from regulars.engine.rewarding.gaming.challenges import Turn
from regulars.engine.rewarding.gaming.deeds import Done
from regulars.engine.rewarding.gaming.teams import Way, least_of, ways
from regulars.engine.terms import Terms
from regulars.flows.points.gaming.answers import InChallenge, InTeam, Mate
from regulars.records.program.parts.gaming import Challenge
from regulars.records.rewards.teams.types import Team

Known = tuple[UUID, Sequence[Team], Mapping[UUID, Sequence[Done]], Mapping[UUID, str]]
"""Who asks, the teams they are in, what everybody in these did, and what each is called."""


def in_team(terms: Terms, promise: Challenge, now: datetime, known: Known) -> InChallenge:
    """How far the team of a member is with a challenge in the period that runs, part by part."""
    member_id, mine, done, called = known
    team = next((one for one in mine if one.challenge == promise.id), None)
    turn = challenges.turn_at(terms, promise.id, now, None, ())
    if turn is None:
        # It is over or not there yet.
        turn = Turn(terms.at(now), promise, now, None, 0)
        target = challenges.target_of(turn)
        shown = None if team is None else _team(team, Way(turn), member_id, called)
        return InChallenge(
            promise, turn.version.number, None, None, 0, target, 0, team is not None, shown
        )
    way = Way(turn)
    if team is not None:
        same = (w for w in ways(terms, team, done) if w.turn.began_on == turn.began_on)
        way = next(same, way)
    return InChallenge(
        turn.promise,
        turn.version.number,
        turn.begins,
        turn.ends,
        way.together,
        challenges.target_of(turn),
        int(member_id in way.hits),
        team is not None,
        None if team is None else _team(team, way, member_id, called),
    )


def _team(team: Team, way: Way, member_id: UUID, called: Mapping[UUID, str]) -> InTeam:
    """Who is in it, then who was and did something; each by the order they came."""
    still = team.in_it()
    gone = [who for who in way.parts if who not in still]
    mates = [
        Mate(called.get(who, ""), way.parts.get(who, 0), who in still, who == member_id)
        for who in [*still, *gone]
    ]
    least = least_of(way.turn) if way.turn.promise.together is not None else 0
    return InTeam(team.team_id, team.name, team.code, least, mates)
