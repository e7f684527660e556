"""Prizes for challenges and streaks: given when they are reached, taken back when they are not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.rewarding.gaming import challenges, prizes
from regulars.engine.rewarding.gaming.deeds import Done
from regulars.engine.rewarding.gaming.gifts import due_by_sums
from regulars.engine.rewarding.gaming.giving import Due, Lapsed, Settled
from regulars.engine.rewarding.gaming.paying import due_by_places
from regulars.engine.rewarding.gaming.since import (
    Cut,
    TeamCut,
    hanging,
    only_in_teams,
    team_cut,
)
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.played import played, played_since
from regulars.flows.batch.stuck import about
from regulars.flows.points.gaming.hand_rewards import begin_handing
from regulars.records.benefits import write as benefits
from regulars.records.ledger import read as ledger
from regulars.records.night import read as night
from regulars.records.night.write import settle
from regulars.records.rewards.prizes import read, write
from regulars.records.rewards.prizes.types import Prize
from regulars.records.rewards.teams.read import of
from regulars.records.rewards.teams.types import Team, everybody
from regulars.records.standing.boards import read as boards

STEP: Final = "settle_prizes"
LATER: Final = timedelta(days=1)
"""So long after they were looked at, blocked members are looked at again."""


AGAIN: Final = timedelta(hours=6)
"""So long after a reward could not be had, its shelf is looked at again."""


class Told(NamedTuple):
    """What members did, so far as it can change the prizes they are to have."""

    own: Collection[UUID]
    """Whose own games are told anew; of the others only what their teams reached."""
    teams: Sequence[Team]
    done: Mapping[UUID, Sequence[Done]]
    parts: Mapping[UUID, Mapping[str, Sequence[datetime]]]
    cuts: Mapping[UUID, Cut]
    together: TeamCut
    names: Collection[str]
    """The challenges that are only for teams."""

    def due(self, terms: Terms, who: UUID, has: Sequence[Prize]) -> list[Due]:
        """Every prize somebody is to have, of what is told anew, beside those they `has`."""
        wanted = list[Due]()
        if who in self.own:
            mine = self.done.get(who, []), self.parts.get(who, {}), self.cuts.get(who), has
            wanted += prizes.due(terms, *mine)
        found = prizes.due_together(terms, who, self.teams, self.done)
        return wanted + [one for one in found if self.together.has(one.name, one.began_on)]

    def has(self, who: UUID, prize: Prize) -> bool:
        """Whether a prize somebody has belongs to what is told anew."""
        if prize.game in ("milestone", "board"):
            return True  # all sums and places of everybody who is looked at are told anew
        if prize.game == "challenge" and prize.name in self.names:
            return self.together.has(prize.name, prize.began_on)
        return who in self.own and (who not in self.cuts or self.cuts[who].has(prize))


async def settle_prizes(tx: Tx, terms: Terms, most: int) -> int:
    """Give members the prizes they reached, and take back those they did not; of how many members.

    Order: members are held, then what they did is read, so what is told meanwhile has them looked
    at again. Blocked members get and lose nothing until they are not.
    """
    if not prizes.pays(terms):
        return 0
    listed = await read.due(tx, most, await night.parked(tx, STEP))
    found = list(listed)
    with about(STEP, found):
        # What one does may be the prize of everybody in the team, so all of them are looked at.
        whole = sorted({*found, *everybody(await _teams(tx, terms, found))})
        states = await hold_members(tx, terms, whole, with_lots=whole)
        who = {state.member_id: state for state in states.values()}
        since = await _earliest(tx, found)
        own = {states[id_].member_id for id_ in found if id_ in states}
        told = await _told(tx, terms, (own, who), since)
        has = {
            id_: [one for one in mine if told.has(id_, one)]
            for id_, mine in (await read.prizes(tx, sorted(who))).items()
        }
        lapsed = await _lapsed(tx, has)
        served = {id_ for id_ in who if who[id_].state not in ("blocked", "erased")}
        places = await boards.places(tx, sorted(served)) if prizes.pays_places(terms) else {}
        wanted = {
            id_: [
                *told.due(terms, id_, has.get(id_, [])),
                *due_by_sums(terms, who[id_].counters, tx.now),
                *due_by_places(terms, who[id_].counters, places.get(id_, ())),
            ]
            for id_ in sorted(served)
        }
        handing = await begin_handing(tx, terms, who, wanted, has)
        settled = Settled(rewards=handing.rewards)
        for id_ in sorted(served):
            decided = (terms, handing.changes, settled, lapsed)
            hangs = hanging(terms, [one.own_day for one in told.done.get(id_, [])])
            prizes.settle(decided, who[id_], wanted[id_], has.get(id_, []), tx.now, hangs)
        blocked = {id_ for id_ in whole if id_ in states and states[id_].state == "blocked"}
        later = handing.rewards.waiting
        again = dict.fromkeys(later, tx.now + AGAIN) | dict.fromkeys(blocked, tx.now + LATER)
        done = {id_: at for id_, at in listed.items() if id_ not in again}
        await tx.write(
            [
                *write.undo(tx, settled.undone),
                *write.looked(tx, done),
                *write.watch(tx, dict.fromkeys(again, since), again),
                *benefits.grant(tx, settled.grants),
                *settle(tx, STEP, found),
            ]
        )
        await handing.write()
        # After what was taken back: the same prize stands only once.
        await tx.write(write.give(tx, settled.given))
    return len(found)


async def _teams(tx: Tx, terms: Terms, member_ids: Sequence[UUID]) -> list[Team]:
    return await of(tx, member_ids) if prizes.in_teams(terms) else []


async def _earliest(tx: Tx, found: Sequence[UUID]) -> datetime | None:
    """Since when something is to be told anew of any of these; nothing where it is all."""
    since = await read.since(tx, found)
    return min(since.values()) if since and len(since) == len(found) else None


async def _lapsed(tx: Tx, has: Mapping[UUID, Sequence[Prize]]) -> Lapsed:
    """What lapsed of the points that came with prizes."""
    every = [one for mine in has.values() for one in mine]
    gave = {one.entry_id: one.member_id for one in every if one.entry_id is not None}
    return await ledger.lapsed(tx, gave)


async def _told(
    tx: Tx,
    terms: Terms,
    looked: tuple[Collection[UUID], Collection[UUID]],
    since: datetime | None,
) -> Told:
    """What they did since something has to be told anew.

    Shape: `looked` are those who did something, and with them everybody of their teams.
    Order: of all of them every team is read, or what they have of another one would seem to be
    too much.
    """
    found, who = looked
    teams = await _teams(tx, terms, sorted(who))
    names = {name for name in challenges.names(terms) if only_in_teams(terms, name)}
    if any(team.challenge not in names for team in teams):
        # It was for each alone once: one prize may be of a team and of a member by themselves.
        done, parts = await played(tx, sorted({*who, *everybody(teams)}))
        return Told(who, teams, done, parts, {}, TeamCut({}, {}), ())
    cut = team_cut(terms, since, teams)
    (done, parts), cuts = await played_since(tx, terms, sorted(found), cut.needed)
    return Told(found, teams, done, parts, cuts, cut, names)
