"""Teams of a challenge: forming one, joining it, leaving it."""

from __future__ import annotations

from regulars.flows.points.gaming.keep_teams import form_teams, join_teams, leave_teams
from regulars.flows.points.gaming.team_commands import FormTeam, JoinTeam, LeaveTeam
from regulars.records.access.types import Scope
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import games as examples
from regulars.surfaces.api.wire.parts import member_of
from regulars.surfaces.api.wire.rewarding.teams import (
    TeamDone,
    TeamJoined,
    TeamLeft,
    TeamSent,
    team_done,
)


async def form(call: Call) -> Reply:
    """A member forms a team."""
    sent: TeamSent = call.sent
    command = FormTeam(member_of(sent.member), sent.challenge, sent.name, call.asked, sent.club)
    answer = await call.do(form_teams, command)
    return Reply(team_done(answer), 201, answer.replayed)


async def join(call: Call) -> Reply:
    """A member joins a team."""
    sent: TeamJoined = call.sent
    answer = await call.do(join_teams, JoinTeam(member_of(sent.member), sent.code, call.asked))
    return Reply(team_done(answer), 201, answer.replayed)


async def leave(call: Call) -> Reply:
    """A member leaves a team."""
    sent: TeamLeft = call.sent
    command = LeaveTeam(member_of(sent.member), sent.challenge, call.asked)
    answer = await call.do(leave_teams, command)
    return Reply(team_done(answer), 200, answer.replayed)


_TAG = "Challenges"
_CLOSED = (
    "unknown_member", "unknown_challenge", "no_teams", "in_team", "member_erased", "member_blocked",
)  # fmt: skip

OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/teams",
        name="form_team",
        tag=_TAG,
        says="A member forms a team for a challenge",
        notes="The answer has the code with which others join. What each does from then on counts "
        "for the team. With `club` the challenge is taken up for a club the member is in: the "
        "first of them forms its team, which bears the club's name, the others come into it; "
        "nobody else does, by no code.",
        scopes=(Scope.CHALLENGES_WRITE,),
        sent=TeamSent,
        answers={201: TeamDone},
        example=examples.TEAM_WISH,
        answer_example=examples.TEAM,
        codes=(*_CLOSED, "team_full", "not_found", "club_only", "club_closed"),
        do=form,
    ),
    Operation(
        method="POST",
        path="/v1/team-members",
        name="join_team",
        tag=_TAG,
        says="A member joins the team that has this code",
        notes="Who is in it already, stays in it.",
        scopes=(Scope.CHALLENGES_WRITE,),
        sent=TeamJoined,
        answers={201: TeamDone},
        example=examples.TEAM_JOINED,
        answer_example=examples.TEAM | {"members": 2},
        codes=(*_CLOSED, "team_full", "not_found", "club_only"),
        do=join,
    ),
    Operation(
        method="POST",
        path="/v1/team-departures",
        name="leave_team",
        tag=_TAG,
        says="A member leaves their team of a challenge",
        notes="What they did while they were in it counts for it still; prizes they have they "
        "keep.",
        scopes=(Scope.CHALLENGES_WRITE,),
        sent=TeamLeft,
        answers={200: TeamDone},
        example=examples.TEAM_LEFT,
        answer_example=examples.TEAM | {"left": True},
        codes=("unknown_member", "not_found"),
        do=leave,
    ),
)
