"""Prizes for challenges and streaks: given when they are reached, taken back when they are not."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from regulars.base.tx import Tx
from regulars.engine.rewarding.gaming import prizes
from regulars.engine.rewarding.gaming.prizes import Settled
from regulars.engine.rewarding.gaming.since import hanging
from regulars.engine.state import Changes
from regulars.engine.terms import Terms
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.played import played_since
from regulars.flows.batch.stuck import about
from regulars.records.benefits import write as benefits
from regulars.records.ledger import read as ledger
from regulars.records.night import read as night
from regulars.records.night.write import settle
from regulars.records.rewards.prizes import read, write

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
        states = await hold_members(tx, terms, found, with_lots=found)
        who = {state.member_id: state for state in states.values()}
        (done, parts), cuts = await played_since(tx, terms, sorted(who))
        has = {
            id_: [one for one in mine if id_ not in cuts or cuts[id_].has(one)]
            for id_, mine in (await read.prizes(tx, sorted(who))).items()
        }
        gave = [one.entry_id for mine in has.values() for one in mine if one.entry_id is not None]
        whose = {*states, *who, *(one.member_id for mine in has.values() for one in mine)}
        lapsed = await ledger.lapsed(tx, sorted(whose), gave) if gave else {}
        changes, settled = Changes(tx.new_id), Settled()
        for id_ in sorted(who):
            if who[id_].state not in ("blocked", "erased"):
                wanted = list(
                    prizes.due(terms, done.get(id_, []), parts.get(id_, {}), cuts.get(id_))
                )
                decided = (terms, changes, settled, lapsed)
                hangs = hanging(terms, [one.own_day for one in done.get(id_, [])])
                prizes.settle(decided, who[id_], wanted, has.get(id_, []), tx.now, hangs)
        blocked = {id_ for id_ in found if id_ in states and states[id_].state == "blocked"}
        await tx.write(
            [
                *write.undo(tx, settled.undone),
                *write.looked(tx, set(found) - blocked),
                *write.later(tx, blocked, tx.now + LATER),
                *benefits.grant(tx, settled.grants),
                *writes_of(tx, terms, changes),
                *settle(tx, STEP, found),
            ]
        )
        # After what was taken back: the same prize stands only once.
        await tx.write(write.give(tx, settled.given))
    return len(found)
