"""Prizes for challenges and streaks: given when they are reached, taken back when they are not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.rewarding.gaming import prizes
from regulars.engine.rewarding.gaming.prizes import Settled
from regulars.engine.rewarding.gaming.since import Cut, hanging
from regulars.engine.state import Changes
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.played import Played, played, played_since
from regulars.flows.batch.stuck import about
from regulars.records.benefits import write as benefits
from regulars.records.ledger import read as ledger
from regulars.records.night import read as night
from regulars.records.night.write import settle
from regulars.records.rewards.prizes import read, write
from regulars.records.rewards.teams.read import of
from regulars.records.rewards.teams.types import Team, everybody

STEP: Final = "settle_prizes"
LATER: Final = timedelta(days=1)
"""So long after they were looked at, blocked members are looked at again."""


async def settle_prizes(tx: Tx, terms: Terms, most: int) -> int:
    """Give members the prizes they reached, and take back those they did not; of how many members.

    Order: members are held, then what they did is read, so what is told meanwhile has them looked
    at again. Blocked members get and lose nothing until they are not.
    """
    if not prizes.plays(terms):
        return 0
    found = await read.due(tx, most, await night.parked(tx, STEP))
    with about(STEP, found):
        # What one does may be the prize of everybody in the team, so all of them are looked at.
        whole = sorted({*found, *everybody(await _teams(tx, terms, found))})
        states = await hold_members(tx, terms, whole, with_lots=whole)
        who = {state.member_id: state for state in states.values()}
        # Of them every team, or what they have of another one would seem to be too much.
        teams = await _teams(tx, terms, sorted(who))
        (done, parts), cuts = await _played(tx, terms, sorted(who), teams)
        has = {
            id_: [one for one in mine if id_ not in cuts or cuts[id_].has(one)]
            for id_, mine in (await read.prizes(tx, sorted(who))).items()
        }
        every = [one for mine in has.values() for one in mine]
        gave = {one.entry_id: one.member_id for one in every if one.entry_id is not None}
        lapsed = await ledger.lapsed(tx, gave)
        changes, settled = Changes(tx.new_id), Settled()
        for id_ in sorted(who):
            if who[id_].state not in ("blocked", "erased"):
                wanted = list(
                    prizes.due(terms, done.get(id_, []), parts.get(id_, {}), cuts.get(id_))
                )
                wanted += prizes.due_together(terms, id_, teams, done)
                decided = (terms, changes, settled, lapsed)
                hangs = hanging(terms, [one.own_day for one in done.get(id_, [])])
                prizes.settle(decided, who[id_], wanted, has.get(id_, []), tx.now, hangs)
        blocked = {id_ for id_ in whole if id_ in states and states[id_].state == "blocked"}
        await tx.write(
            [
                *write.undo(tx, settled.undone),
                *write.looked(tx, set(found) - blocked),
                *write.watch(tx, dict.fromkeys(blocked), tx.now + LATER),
                *benefits.grant(tx, settled.grants),
                *writes_of(tx, terms, changes),
                *settle(tx, STEP, found),
            ]
        )
        # After what was taken back: the same prize stands only once.
        await tx.write(write.give(tx, settled.given))
    return len(found)


async def _teams(tx: Tx, terms: Terms, member_ids: Sequence[UUID]) -> list[Team]:
    return await of(tx, member_ids) if prizes.in_teams(terms) else []


async def _played(
    tx: Tx, terms: Terms, who: Sequence[UUID], teams: Sequence[Team]
) -> tuple[Played, dict[UUID, Cut]]:
    """What they did since something has to be told anew; all of it where somebody is in a team,
    since where one's own games are cut says nothing of the others."""
    if teams:
        return await played(tx, sorted({*who, *everybody(teams)})), {}
    return await played_since(tx, terms, who)
