"""What members did so far, read where an activity of a batch comes late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.restating.late import comes_late
from regulars.engine.restating.story import NONE, Begin, Story, credit_of, may_begin, plus
from regulars.engine.returning.sale import Sale
from regulars.engine.state import MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.load import load_holds, load_notices
from regulars.flows.commands import RecordActivity
from regulars.flows.recording.decide_one import Item, awaited_by, sale_key_of
from regulars.flows.recording.newcomers import Newcomers
from regulars.flows.recording.sales import Sales
from regulars.records.activity import read as activities
from regulars.records.activity.types import Activity
from regulars.records.ledger import read as ledger
from regulars.records.standing import read as standing
from regulars.records.standing.before import read as elsewhere
from regulars.records.trail import read as trails
from regulars.records.trail.types import Trail

Happening = tuple[UUID, datetime]
"""Whose activity, and when it happened."""


_LEAST: Final = timedelta(microseconds=1)
_NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
_EVER: Final = datetime(1, 1, 2, tzinfo=UTC)


async def load_stories(
    tx: Tx,
    terms: Terms,
    states: Mapping[UUID, MemberState],
    sales: Sales,
    happenings: Iterable[Happening],
    *,
    late: Sequence[UUID] = (),
) -> None:
    """Give members of whom something comes late their story and their lots.

    Order: after members are held and sales are read. A batch in which nothing is late asks
    nothing. A story is read from just before the earliest that is told of its member, where what
    they stood on then is known; else from their joining (ADR 0261). `late` get theirs anyway.
    """
    told = list(happenings)
    late = sorted({*late, *_late(tx, terms, states, told)})
    if not late:
        return
    begins = await _begins(tx, terms, states, _earliest(late, told))
    since = {id_: begins[id_].at if id_ in begins else _EVER for id_ in late}
    done = await activities.done_by(tx, since)
    named = {one.sale_id or one.activity_id for one in done} | sales.sales.keys()
    chains = _in_turn(await trails.of_sales(tx, late, sorted(named)))
    whole = [id_ for id_ in late if id_ not in begins]
    granted = await standing.granted(tx, whole) if whole else []
    before = await elsewhere.of_members(tx, whole)
    lapsed = await ledger.lapsed(tx, {one.activity_id: one.member_id for one in done})
    await load_notices(tx, terms, states, late)
    for lot in await ledger.open_lots(tx, late):
        states[lot.member_id].lots.setdefault(lot.lot_id, lot)
    await load_holds(tx, states, late)
    for member_id in late:
        story = states[member_id].story = Story(
            granted=[one for one in granted if one.member_id == member_id],
            begin=begins.get(member_id),
            before={(c.counter, c.period): c.value for c in before if c.member_id == member_id},
        )
        own = [one for one in done if one.member_id == member_id]
        _tell(terms, story, own, chains, (sales, lapsed), member_id)
        if story.begin is not None:
            story.begins(states[member_id], terms)


def _earliest(late: Sequence[UUID], told: Iterable[Happening]) -> dict[UUID, datetime]:
    """Just before the first thing that this batch tells of each of these members."""
    found = dict.fromkeys(late, _NEVER)
    for member_id, at in told:
        if member_id in found:
            found[member_id] = min(found[member_id], at - _LEAST)
    return found


async def _begins(
    tx: Tx, terms: Terms, states: Mapping[UUID, MemberState], at: Mapping[UUID, datetime]
) -> dict[UUID, Begin]:
    """From where stories can be told that need not be told from the beginning."""
    asked = {id_: when for id_, when in at.items() if may_begin(terms, states[id_])}
    if not asked:
        return {}
    return {
        one.member_id: Begin(one.at, one.tier, one.since, one.until)
        for one in await standing.stood(tx, asked)
        if one.plain and one.at > states[one.member_id].joined_at
    }


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
    before: dict[UUID, datetime] = {}
    cuts = [cut.at for cut in terms.at(tx.now).cutovers if cut.at <= tx.now]
    for member_id, at in happenings:
        state = states.get(member_id)
        if state is None:
            continue
        last = before.get(member_id) or max(state.last_at or state.joined_at, state.joined_at)
        since, moved = state.tier_since, state.moved_at
        # What comes in turn, as almost everything does, is told apart without a state of its own.
        crosses = any(at < cut for cut in cuts)
        if at < last or (since and at < since) or (moved and at < moved) or crosses:
            stands = MemberState(member_id, at, {}, tier_since=since, last_at=last)
            stands.united, stands.moved_at, stands.brought = state.united, moved, state.brought
            stands.recorded_at = state.recorded_at or state.joined_at
            if comes_late(stands, terms, at, tx.now):
                yield state.member_id
        before[member_id] = max(last, at)


def _in_turn(chains: Mapping[UUID, Sequence[Trail]]) -> dict[UUID, list[Trail]]:
    """The trails of each deed with those of its returns, as one followed the other."""
    return {
        deed_id: sorted(chain, key=lambda one: (sum(one.steps.returned), one.steps.times))
        for deed_id, chain in chains.items()
    }


def _tell(
    terms: Terms,
    story: Story,
    done: Sequence[Activity],
    chains: Mapping[UUID, Sequence[Trail]],
    named: tuple[Sales, Mapping[UUID, Mapping[int, int]]],
    member_id: UUID,
) -> None:
    sales, lapsed = named
    by_id = {one.activity_id: one for one in done}
    others = (one.activity for one in sales.sales.values())
    known = [one for one in others if one.member_id == member_id and one.activity_id not in by_id]
    for deed in (*known, *done):
        chain = chains.get(deed.activity_id)
        if deed.sale_id is not None or not chain:
            continue
        # A return of this batch and the story work on one and the same sale.
        latest = Sale(deed, chain[-1].steps, lapsed.get(deed.activity_id, {}))
        sale = sales.sales.setdefault(deed.activity_id, latest)
        credit, begin = NONE, story.begin
        before = begin is not None and deed.occurred_at <= begin.at
        for trail in chain:
            told = by_id.get(trail.activity_id) if trail.sale_id is not None else None
            now_left = credit_of(terms.numbered(trail.steps.version), trail.steps)
            if begin is not None and before and told is None:
                begin.counted[deed.activity_id] = now_left
            elif trail.sale_id is not None and told is None:
                story.shift(sale, plus(now_left, credit, -1))
            elif trail.sale_id is None:
                story.did(sale, now_left)
            else:
                assert told is not None, trail
                story.came_back(sale, told, (trail.steps.returned, now_left))
            credit = now_left
