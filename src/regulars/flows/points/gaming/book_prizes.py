"""Prizes of draws are booked in the transaction that draws; what cannot be had waits."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.tx import Tx
from regulars.engine.deciding.conclude import Ending
from regulars.engine.rewarding.gaming.handing import ACTOR, hand_out, waits
from regulars.engine.rewarding.gaming.winning import is_fetched
from regulars.engine.rewarding.promise import shelves
from regulars.engine.state import Changes
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.overdue import overdue
from regulars.flows.redeem_rewards import Batch, begin, end, write_ended
from regulars.records.program.parts.gaming import Draw as Promise
from regulars.records.program.parts.gaming import booked_for
from regulars.records.rewards.draws import read, write
from regulars.records.rewards.draws.types import Entrant, Won


async def book_prizes(
    tx: Tx, terms: Terms, version: Version, promise: Promise, entrants: Sequence[Entrant]
) -> list[Won]:
    """Book what the winners of a draw have not been given yet; all that was booked so far.

    Shape: `version` is the one the draw was announced under, and its terms hold.
    Order: whoever draws waits for who draws in this program, then members, then shelves are locked.
    Keeps: what was given stays as it is, so asking again gives nothing twice. Of several for whom
    one piece is left the better prize has it; what another one waits for is tried the next time.
    """
    kept = await read.won(tx, [promise.id])
    todo = [
        one
        for one in sorted(entrants, key=lambda one: one.won)
        if one.won and booked_for(promise, one.won) and _open(kept.get((promise.id, one.won)))
    ]
    if todo:
        fresh = await _book(tx, terms, version, (promise, todo))
        kept |= {(one.draw, one.won): one for one in fresh}
    return [kept[key] for key in sorted(kept)]


def _open(one: Won | None) -> bool:
    return one is None or one.state == "waiting"


async def _book(
    tx: Tx, terms: Terms, version: Version, what: tuple[Promise, Sequence[Entrant]]
) -> list[Won]:
    promise, todo = what
    whose = [one.member_id for one in todo]
    states = await hold_members(tx, terms, whose, with_lots=whose)
    people = {state.member_id: state for state in states.values()}
    changes = Changes(tx.new_id)
    batch = Batch(tx, terms, people, changes)
    wanted = sorted({one.reward for one in promise.gives if one.reward})
    await begin(batch, shelves(version, wanted), await overdue(tx, people))
    found = []
    for one in todo:
        prize = booked_for(promise, one.won)
        assert prize is not None, one
        state = states[one.member_id]
        won = waits(version, (promise.id, one.won), prize, state)
        won, redemption = hand_out(changes, state, version, won, (promise.name, tx.now))
        if redemption is not None:
            batch.opened[redemption.redemption_id] = redemption
            if not is_fetched(redemption):
                no = end(batch, redemption, Ending("captured", tx.now, ACTOR))
                assert no is None, no
        found.append(won)
    await write_ended(batch)
    await tx.write(write.book(tx, found))
    return found
