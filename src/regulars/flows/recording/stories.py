"""What members did so far, read where an activity of a batch comes late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.restating.late import comes_late
from regulars.engine.restating.story import NONE, Story, credit_of, plus
from regulars.engine.returning.sale import Sale
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.load import load_notices
from regulars.flows.commands import RecordActivity
from regulars.flows.recording.decide_one import Item, awaited_by, sale_key_of
from regulars.flows.recording.newcomers import Newcomers
from regulars.flows.recording.sales import Sales
from regulars.records.activity import read as activities
from regulars.records.activity.types import Activity
from regulars.records.ledger import read as ledger
from regulars.records.standing import read as standing
from regulars.records.trail import read as trails
from regulars.records.trail.types import Trail

Happening = tuple[UUID, datetime]
"""Whose activity, and when it happened."""


async def load_stories(
    tx: Tx,
    terms: Terms,
    states: Mapping[UUID, MemberState],
    sales: Sales,
    happenings: Iterable[Happening],
) -> None:
    """Give members of whom something comes late their story and their lots.

    Order: after members are held and sales are read. A batch in which nothing is late asks
    nothing.
    """
    late = sorted(set(_late(tx, terms, states, happenings)))
    if not late:
        return
    done = await activities.done_by(tx, late)
    known = await trails.of_members(tx, late)
    granted = await standing.granted(tx, late)
    lapsed = await ledger.lapsed(tx, late, [one.activity_id for one in done])
    await load_notices(tx, terms, states, late)
    for lot in await ledger.open_lots(tx, late):
        states[lot.member_id].lots.setdefault(lot.lot_id, lot)
    for member_id in late:
        story = states[member_id].story = Story(
            granted=[one for one in granted if one.member_id == member_id]
        )
        own = [one for one in done if one.member_id == member_id]
        _tell(story, own, _by_deed(known), (sales, lapsed))


def happenings(
    tx: Tx,
    todo: Sequence[Item],
    newcomers: Newcomers,
    sales: Sales,
    early: Sequence[tuple[UUID, RecordActivity]] = (),
) -> Iterator[Happening]:
    """Whose activity happened when, in the order they are decided; returns that wait for a sale
    of the batch come right after it."""
    waiting = list(early)
    bought: dict[UUID, UUID] = {}
    for item in todo:
        command, at = item.command, item.command.occurred_at or tx.now
        if command.kind == "return":
            sale, key = sales.find(command), sale_key_of(command)
            if sale is not None:
                yield sale.activity.member_id, at
            elif key in bought:
                yield bought[key], at
            elif key is not None:
                waiting.append((key, command))
            continue
        member_id, key = newcomers.of(item.place), awaited_by(item)
        yield member_id, at
        if key is not None:
            bought[key] = member_id
            yield from ((member_id, one.occurred_at or tx.now) for k, one in waiting if k == key)


def _late(
    tx: Tx, terms: Terms, states: Mapping[UUID, MemberState], happenings: Iterable[Happening]
) -> Iterator[UUID]:
    """Of whom something comes late, by what is kept or by what comes before it in the batch.

    Who joins a ladder in this batch stands on it since they joined, so that counts as well.
    """
    before = {
        id_: max(one for one in (state.last_at, state.joined_at) if one is not None)
        for id_, state in states.items()
    }
    for member_id, at in happenings:
        if member_id not in states:
            continue
        state = states[member_id]
        stands = MemberState(
            member_id, at, {}, tier_since=state.tier_since, last_at=before[member_id]
        )
        stands.united, stands.moved_at = state.united, state.moved_at
        if comes_late(stands, terms, at, tx.now):
            yield state.member_id
        before[member_id] = max(before[member_id], at)


def _by_deed(known: Sequence[Trail]) -> dict[UUID, list[Trail]]:
    """The trails of each deed with those of its returns, as one followed the other."""
    found: dict[UUID, list[Trail]] = {}
    for trail in known:
        found.setdefault(trail.sale_id or trail.activity_id, []).append(trail)
    for chain in found.values():
        chain.sort(key=lambda one: (sum(one.steps.returned), one.steps.times))
    return found


def _tell(
    story: Story,
    done: Sequence[Activity],
    chains: Mapping[UUID, Sequence[Trail]],
    named: tuple[Sales, Mapping[UUID, Mapping[int, int]]],
) -> None:
    sales, lapsed = named
    by_id = {one.activity_id: one for one in done}
    for deed in done:
        chain = chains.get(deed.activity_id)
        if deed.sale_id is not None or not chain:
            continue
        # A return of this batch and the story work on one and the same sale.
        latest = Sale(deed, chain[-1].steps, lapsed.get(deed.activity_id, {}))
        sale = sales.sales.setdefault(deed.activity_id, latest)
        credit = NONE
        for trail in chain:
            if trail.activity_id not in by_id:
                story.shift(sale, plus(credit_of(trail.steps), credit, -1))
            elif trail.sale_id is None:
                story.did(sale, credit_of(trail.steps))
            else:
                story.came_back(sale, by_id[trail.activity_id], trail.steps)
            credit = credit_of(trail.steps)
