"""How far a member is with challenges and streaks, and what they got for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.base.tx import Tx
from regulars.engine.calendar import local
from regulars.engine.rewarding.gaming import challenges, prizes, streaks
from regulars.engine.rewarding.gaming.deeds import Done
from regulars.engine.rewarding.gaming.since import team_cut
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.played import played
from regulars.flows.points.gaming.answers import Games, InChallenge, InStreak
from regulars.flows.points.gaming.show_team import in_team
from regulars.records.members import read as members
from regulars.records.members.types import nobody
from regulars.records.program.parts.gaming import Challenge, Streak
from regulars.records.rewards.prizes import read
from regulars.records.rewards.prizes.types import Prize
from regulars.records.rewards.teams import read as teams
from regulars.records.rewards.teams.types import everybody


async def show_games(tx: Tx, terms: Terms, member_id: UUID) -> Games:
    """How far this member is at this instant; nothing is locked and nothing written.

    Faults: UnknownMember.
    """
    states = await hold_members(tx, terms, [member_id], lock=False)
    if member_id not in states:
        raise nobody()
    member_id = states[member_id].member_id  # who was merged stands as somebody else
    there = await members.members(tx, [member_id])
    version = terms.at(tx.now)
    if not prizes.pays(terms):
        return Games(member_id, tx.now, [], [], [])
    gone = await teams.of(tx, [member_id]) if prizes.in_teams(terms) else []
    mine = [one for one in gone if member_id in one.in_it()]
    told, said = await played(tx, [member_id], team_cut(terms, tx.now, mine).needed)
    done, parts = told.get(member_id, []), said.get(member_id, {})
    called = await teams.called(tx, sorted(everybody(mine)))
    has = (await read.prizes(tx, [member_id])).get(member_id, [])
    zone = ZoneInfo(there[member_id].zone) if there[member_id].zone else version.zone
    today = local(zone, tx.now).day
    return Games(
        member_id,
        tx.now,
        [
            _challenge(terms, one, tx.now, (done, parts.get(one.id, ()), has))
            if one.together is None
            else in_team(terms, one, tx.now, (member_id, mine, told, called))
            for one in version.program.challenges
        ],
        [_streak(terms, version, one, (done, today, has)) for one in version.program.streaks],
        has,
    )


def _challenge(
    terms: Terms,
    promise: Challenge,
    now: datetime,
    did: tuple[Sequence[Done], Sequence[datetime], Sequence[Prize]],
) -> InChallenge:
    done, parts, has = did
    had = challenges.elsewhere(promise.id, has, done)
    way = challenges.course(terms, promise.id, done, parts, had)
    turn = challenges.turn_at(terms, promise.id, now, way.turn, parts)
    takes_part = promise.joins == "automatic" or bool(parts)
    begun = turn is not None and (promise.within is None or turn is way.turn)
    if turn is None or (not begun and promise.joins == "automatic"):
        # The period is over or not there yet, or begins with what the member does next.
        version = terms.at(now)
        target = challenges.target_of(challenges.Turn(version, promise, now, None, 0))
        return InChallenge(promise, version.number, None, None, 0, target, 0, takes_part)
    running, times = challenges.progress(way, turn)
    return InChallenge(
        turn.promise,
        turn.version.number,
        turn.begins,
        turn.ends,
        running,
        challenges.target_of(turn),
        times,
        takes_part,
    )


def _streak(
    terms: Terms,
    version: Version,
    promise: Streak,
    did: tuple[Sequence[Done], int, Sequence[Prize]],
) -> InStreak:
    done, today, has = did
    run = streaks.run(terms, version, promise, done)
    this = streaks.unit_of(promise.every, today)
    safe = bool(run.length) and run.last == this
    streaks.pass_on(run, streaks.judged(terms, version, promise), this)
    had = {one.place for one in has if one.name == promise.id} if promise.again == "once" else set()
    ahead = (one.length for one in promise.milestones)
    next_ = next((n for n in ahead if n > run.length and n not in had), None)
    left = streaks.freezes_left(run, promise, today)
    return InStreak(promise, version.number, run.length, run.best, left, safe, next_)
