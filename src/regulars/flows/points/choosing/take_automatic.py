"""Rewards that are taken by themselves, for members whose balance reached the price."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.deciding.conclude import Ending
from regulars.engine.returning.payments import Spent
from regulars.engine.rewarding.automatic import ACTOR, MOST, automatic, give_back, prices, take
from regulars.engine.rewarding.promise import shelves
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.cooling import load_taken
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.overdue import overdue
from regulars.flows.batch.pocket import load_allowances
from regulars.flows.batch.stuck import about
from regulars.flows.recording.spent import spent_on
from regulars.flows.redeem_rewards import Batch, begin, end, write_ended
from regulars.records.night import read as night
from regulars.records.night.write import settle
from regulars.records.rewards.automatic import read, write
from regulars.records.rewards.codes import read as codes
from regulars.records.rewards.codes.types import Closed, RewardCode
from regulars.records.rewards.codes.write import close
from regulars.records.rewards.write import keep_paid

STEP: Final = "take_automatic"
SETTLED_AFTER: Final = timedelta(hours=1)
"""So long after a version began nobody is served by the one before any more."""
WALKS: Final = 25
"""So many times as many balances are looked through at once as members are taken for."""
LATER: Final = timedelta(hours=6)
"""So long after they were looked at, members who cannot have it now are looked at again."""


async def take_automatic(tx: Tx, terms: Terms, most: int) -> int:
    """Take rewards for whoever reached their price, and give unused ones back where points are
    owed; for how many members. When nobody is due, some are listed who had reached a price before.

    Order: members, then shelves, then codes are locked. What is given back goes first.
    """
    if not any(automatic(version) for version in terms.versions):
        return 0
    found = await read.due(tx, most, await night.parked(tx, STEP))
    if not found:
        return await _list_reached(tx, terms.at(tx.now), most)
    with about(STEP, found):
        await _take(tx, terms, found)
    return len(found)


async def _list_reached(tx: Tx, version: Version, most: int) -> int:
    """List who had reached a price before this version promised something for it; how many.

    Order: a while after it began, when whoever was still served by the version before is done.
    Whose balance changed since is listed by what changed it.
    """
    least = prices(version)
    if not least or version.effective_from > tx.now - SETTLED_AFTER:
        return 0
    walk = await read.walk(tx, version.number)
    if walk.done_at is not None:
        return 0
    there, listed = await write.walk_on(tx, least, walk, most * WALKS)
    await tx.write(write.walked(tx, version.number, there))
    return listed


async def _take(tx: Tx, terms: Terms, found: Sequence[UUID]) -> None:
    version = terms.at(tx.now)
    states = await hold_members(tx, terms, found, with_lots=found)
    people = {state.member_id: state for state in states.values()}
    wanted = [one.id for one in automatic(version)]
    await load_taken(tx, version, people, wanted)
    await load_allowances(tx, terms, people)
    batch = Batch(tx, terms, states, Changes(tx.new_id))
    await begin(batch, _shelves(terms, version, wanted), await overdue(tx, people))
    unused = await _unused(tx, terms, people)
    back: list[RewardCode] = []
    again, full = set[UUID](), set[UUID]()
    for member_id, state in sorted(people.items()):
        back += give_back(batch.changes, state, version, unused.get(member_id, []), tx.now)
        taken = take(batch.changes, state, version, tx.now)
        again |= {member_id} if taken.again else set()
        full |= {member_id} if len(taken.redemptions) == MOST else set()
        for redemption in taken.redemptions:
            id_ = redemption.redemption_id
            batch.opened[id_] = redemption
            opened = batch.changes.holds_opened.values()
            batch.holds[id_] = [hold for hold in opened if hold.redemption_id == id_]
            no = end(batch, redemption, Ending("captured", tx.now, ACTOR))
            assert no is None, no
    await write_ended(batch)
    # After what was written: it has them looked at again, as their balances changed.
    closed = [
        Closed(one.code_id, "withdrawn", tx.now, actor=ACTOR, reason="its points were taken back")
        for one in back
    ]
    given = {one.redemption_id for one in back}
    returned = [
        spent.redemption
        for mine in unused.values()
        for code, spent in mine
        if code.redemption_id in given
    ]
    await tx.write(
        [
            *close(tx, closed),
            *keep_paid(tx, returned),
            *write.looked(tx, set(found) - again - full),
            *write.watch(tx, again, tx.now + LATER),
            *settle(tx, STEP, found),
        ]
    )


def _shelves(terms: Terms, version: Version, wanted: Sequence[str]) -> list[str]:
    """Where pieces are taken from, or go to when a code had by earlier terms is given back."""
    before = (shelves(one, [each.id for each in automatic(one)]) for one in terms.versions)
    return sorted({*shelves(version, wanted), *(name for found in before for name in found)})


async def _unused(
    tx: Tx, terms: Terms, people: dict[UUID, MemberState]
) -> dict[UUID, list[tuple[RewardCode, Spent]]]:
    """Of members who owe, the codes that were taken by themselves and not used, under lock, with
    what they took."""
    owing = sorted(
        id_ for id_, state in people.items() if any(b.debt for b in state.balances.values())
    )
    ids = await read.unused(tx, owing, ACTOR)
    held = await codes.hold(tx, [one for mine in ids.values() for one in mine])
    wanted = [one.redemption_id for one in held.values() if one.redemption_id is not None]
    spent = await spent_on(tx, terms, people, sorted(wanted)) if wanted else {}
    # Whoever uses or withdraws a code holds its member too, so none was closed meanwhile.
    return {
        member_id: [(held[one], spent[_paid(held[one])]) for one in mine]
        for member_id, mine in ids.items()
    }


def _paid(code: RewardCode) -> UUID:
    assert code.redemption_id is not None, code.code_id
    return code.redemption_id
