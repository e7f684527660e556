"""Teams of a challenge: members form one, join it by its code, and leave it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.rewarding.gaming.challenges import is_over, promise_of, unknown_challenge
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.named import find_named
from regulars.flows.points.gaming.team_commands import (
    FormTeam,
    JoinTeam,
    LeaveTeam,
    TeamOutcome,
    TeamTold,
)
from regulars.records.community.clubs import read as clubs
from regulars.records.community.clubs.rules import is_in
from regulars.records.community.clubs.types import Club
from regulars.records.members.types import blocked_refused, erased_refused
from regulars.records.once.write import keep
from regulars.records.program.parts.gaming import Challenge
from regulars.records.rewards.codes.lettering import BITS, LONGEST, code_of, is_ours, meant
from regulars.records.rewards.prizes.write import watch
from regulars.records.rewards.teams import read, write
from regulars.records.rewards.teams.types import Place, Team


async def form_teams(tx: Tx, terms: Terms, batch: Sequence[FormTeam]) -> list[TeamOutcome]:
    """Each of these members forms a team and is its first member, once; or comes into the team of
    a club they are in.

    Refuses: `unknown_challenge`, `no_teams`, `in_team`, `team_full`, `club_only`, `club_closed`,
    `member_erased`, `member_blocked`. Faults: unknown member, `not_found` at the club.
    """
    return await _each(tx, terms, "form_team", batch)


async def join_teams(tx: Tx, terms: Terms, batch: Sequence[JoinTeam]) -> list[TeamOutcome]:
    """Each of these members joins the team with this code, once; who is in it stays in it.

    Refuses: `unknown_challenge` when it is over, `no_teams`, `in_team`, `team_full`, `club_only`,
    `member_erased`, `member_blocked`. Faults: unknown member, a code that is mistyped or nobody's.
    """
    return await _each(tx, terms, "join_team", batch)


async def leave_teams(tx: Tx, terms: Terms, batch: Sequence[LeaveTeam]) -> list[TeamOutcome]:
    """Each of these members leaves their team, once; what they did in it counts for it still.

    Faults: unknown member, or one who is in no team of this challenge.
    """
    return await _each(tx, terms, "leave_team", batch)


async def _each(tx: Tx, terms: Terms, operation: str, batch: Sequence[Any]) -> list[TeamOutcome]:
    asked = askings(operation, batch, lambda _: None)
    await write.lock_teams(tx)
    await sort_out(tx, asked, TeamTold)
    fresh = [item for item in asked if item.open]
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    states = await hold_members(tx, terms, found.values()) if found else {}
    # One after the other: each sees who is in which team after the one before.
    for item in [item for item in fresh if item.open]:
        await _one(tx, terms, item, states[found[item.place]])
    return settle_followers(asked)


async def _one(tx: Tx, terms: Terms, item: Asking[Any], state: MemberState) -> None:
    command, version = item.command, terms.at(tx.now)
    mine = [t for t in await read.of(tx, [state.member_id]) if state.member_id in t.in_it()]
    if isinstance(command, LeaveTeam):
        await _leave(tx, terms, item, (state, mine))
        return
    club = await _club(tx, command)
    team = await _team(tx, command, club)
    if isinstance(club, Fault) or isinstance(team, Fault):
        item.outcome = team if isinstance(team, Fault) else club
        return
    challenge = command.challenge if team is None else team.challenge
    theirs = [one for one in mine if one.challenge == challenge]
    same = (one for one in theirs if team is not None and one.team_id == team.team_id)
    there = next(same, theirs[0] if theirs else None)
    no = _barred(state) or _closed(tx, version, challenge) or _elsewhere(there, team)
    no = no or await _outside(tx, state, club, team)
    if no is None and team is not None and there is None:
        no = _full(version, team)
    if no is not None:
        item.outcome = no
    elif team is None:
        await _form(tx, terms, item, state, club)
    else:
        await _enter(tx, terms, item, (state, team), there is not None)


async def _club(tx: Tx, command: Any) -> Club | Fault | None:
    """The club for which somebody takes a challenge up; nothing where it is for none."""
    if not isinstance(command, FormTeam) or not command.club:
        return None
    found = await clubs.club(tx, command.club)
    return found or NotFound("there is no such club here", field="/club")


async def _team(tx: Tx, command: Any, club: Club | Fault | None) -> Team | Fault | None:
    """The team that is meant; nothing where one is to be formed."""
    if isinstance(command, JoinTeam):
        return await _meant(tx, command.code)
    if isinstance(club, Club):
        return await read.of_club(tx, command.challenge, club.club_id)
    return None


async def _outside(
    tx: Tx, state: MemberState, club: Club | None, team: Team | None
) -> Refused | None:
    """Into the team of a club comes who is in it, also by a code that somebody passed on."""
    id_ = club.club_id if club else None if team is None else team.club_id
    if id_ is None:
        return None
    if club is not None and club.state == "closed":
        return Refused("club_closed", "Nobody joins this club any more", {"club": club.code})
    if is_in((await clubs.places(tx, [state.member_id])).get(state.member_id, []), id_):
        return None
    return Refused("club_only", "This is for who is in its club", {"club_id": id_.hex})


async def _form(
    tx: Tx, terms: Terms, item: Asking[FormTeam], state: MemberState, club: Club | None
) -> None:
    command = item.command
    team = Team(
        team_id=tx.new_id(),
        challenge=command.challenge,
        name=command.name or (club.name if club else ""),
        code=code_of(tx.secret_bits(BITS)),
        founder_id=state.member_id,
        founded_at=tx.now,
        club_id=club.club_id if club else None,
    )
    await tx.write(write.found(tx, [team]))
    await _enter(tx, terms, item, (state, team), False)


async def _enter(
    tx: Tx, terms: Terms, item: Asking[Any], who: tuple[MemberState, Team], there: bool
) -> None:
    state, team = who
    place = Place(state.member_id, tx.new_id(), tx.now)
    if not there:
        await tx.write(write.enter(tx, [(team.team_id, place)]))
    members = len(team.in_it()) + (not there)
    changed = "" if there else "team.joined"
    await _keep(tx, terms, item, (state, team), (members, changed, False))


async def _leave(
    tx: Tx, terms: Terms, item: Asking[LeaveTeam], who: tuple[MemberState, Sequence[Team]]
) -> None:
    state, mine = who
    theirs = [one for one in mine if one.challenge == item.command.challenge]
    if not theirs:
        item.outcome = NotFound("this member is in no team of this challenge", field="/challenge")
        return
    # Whoever was merged may have two open places, also in two teams: all of them are left.
    team, places = theirs[0], [place for one in theirs for place in one.places]
    gone = [p for p in places if p.member_id == state.member_id and p.until is None]
    await tx.write(write.leave(tx, [one.place_id for one in gone]))
    await _keep(tx, terms, item, (state, team), (len(team.in_it()) - 1, "team.left", True))


async def _keep(
    tx: Tx,
    terms: Terms,
    item: Asking[Any],
    who: tuple[MemberState, Team],
    what: tuple[int, str, bool],
) -> None:
    (state, team), (members, type_, left) = who, what
    item.outcome = TeamTold(
        team.team_id, state.member_id, team.challenge, team.code, members, team.name, left
    )
    changes = Changes(tx.new_id)
    if type_:
        changes.touch(state)
        told = {"team_id": team.team_id, "challenge": team.challenge, "members": members}
        changes.events.append(Event(state.member_id, state.version, type_, told))
    once = keep(tx, kept(item, state.member_id, team.team_id))
    # Before this instant nothing changes: what was done then counts for whoever was there then.
    await tx.write([*once, *watch(tx, {state.member_id: tx.now}), *writes_of(tx, terms, changes)])


async def _meant(tx: Tx, code: str) -> Team | Fault:
    if len(code) > LONGEST or not is_ours(meant(code)):
        says = "this is no code: a sign is missing, wrong, or changed places with another"
        return Invalid(f"{says}; read it again from where it is shown", field="/code")
    found = (await read.by_code(tx, [meant(code)])).get(meant(code))
    return found or NotFound("no team here has this code", field="/code")


def _barred(state: MemberState) -> Refused | None:
    if state.state == "erased":
        return erased_refused()
    return blocked_refused() if state.state == "blocked" else None


def _closed(tx: Tx, version: Version, challenge: str) -> Refused | None:
    promise = promise_of(version, challenge)
    if promise is None or is_over(version, promise, tx.now):
        return unknown_challenge(challenge)
    if promise.together is None:
        return Refused("no_teams", "this challenge is not for teams", {"challenge": promise.id})
    return None


def _elsewhere(there: Team | None, team: Team | None) -> Refused | None:
    if there is None or (team is not None and team.team_id == there.team_id):
        return None
    says = "this member is in a team of this challenge; they leave it first"
    return Refused("in_team", says, {"team_id": f"tea_{there.team_id.hex}"})


def _full(version: Version, team: Team) -> Refused | None:
    promise: Challenge | None = promise_of(version, team.challenge)
    assert promise is not None, team
    assert promise.together is not None, team
    most = promise.together.most
    if len(team.in_it()) < most:
        return None
    return Refused("team_full", f"at most {most} are in one team", {"most": most})
