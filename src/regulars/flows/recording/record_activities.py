"""Record what happened: each activity once, what it earns, which tier follows, what we tell."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.restating.again import Unfinished
from regulars.engine.terms import Terms
from regulars.flows.access.own import refuse_own
from regulars.flows.batch.askings import (
    askings,
    further_keys,
    kept,
    look_again,
    settle_followers,
    sort_out,
)
from regulars.flows.batch.forgotten import late_activity
from regulars.flows.batch.load import hold_members
from regulars.flows.commands import RECORD, History, RecordActivity, Recorded, RecordOutcome
from regulars.flows.points.codes.showing import Shown, codes_shown
from regulars.flows.recording.before.history import (
    bring_over,
    catch_up_with_nights,
    refuse_known_ids,
)
from regulars.flows.recording.before.other_lines import keep_other_lines
from regulars.flows.recording.before.set_apart import set_apart
from regulars.flows.recording.before.told_alike import told_alike
from regulars.flows.recording.before.told_elsewhere import (
    Beside,
    know_by,
    met_by_receipt,
    tell_linked,
    told_elsewhere,
)
from regulars.flows.recording.begin import begin
from regulars.flows.recording.decide_one import (
    Item,
    asked_of,
    awaited_by,
    decide_one,
    of_its_own,
    receipt_of,
    sale_key_of,
    wrong,
)
from regulars.flows.recording.decided import Decided, writes
from regulars.flows.recording.newcomers import Newcomers, find_members
from regulars.flows.recording.paying import load_spent, who_pays
from regulars.flows.recording.sales import Sales, find_sales
from regulars.flows.recording.stories import happenings, load_stories
from regulars.flows.recording.take_back import take_back
from regulars.records.activity import read as activities
from regulars.records.activity.types import NOBODY
from regulars.records.imports.undoing.write import keep_made
from regulars.records.members.erasure.types import Late
from regulars.records.members.erasure.write import set_aside
from regulars.records.members.types import MemberErased
from regulars.records.once.write import keep
from regulars.records.rewards.write import close_redemptions

_unpack = msgspec.msgpack.Decoder(RecordActivity).decode


async def record_activities(
    tx: Tx,
    terms: Terms,
    batch: Sequence[RecordActivity],
    history: History | None = None,
    beside: Sequence[Beside] = (),
) -> list[RecordOutcome]:
    """Each activity once: what it earns, which tier follows, what we tell the member.

    Order: in the order given; each sees what the one before it left. A return whose sale is not
    here yet waits for it and is decided right after it.
    Faults: per item (unknown member, key reused, bad times and amounts, too much returned).
    `history`: it is brought over from elsewhere; nobody is told, and what the nights since then
    would have done is done with it.
    `beside`: for each of the batch, by what else it is known to be one that was told before.
    """
    asked = askings(RECORD, batch, receipt_of)
    know_by(asked, beside)
    await set_apart(tx, asked, beside)
    named = [
        key
        for item in asked
        if item.command.sale is not None and (key := sale_key_of(item.command)) is not None
    ]
    known = await sort_out(tx, asked, Recorded, named)
    met: set[tuple[str, UUID]] = set()
    if beside:
        tell_linked(asked)
        met = met_by_receipt(asked, known)
    fresh = [item for item in asked if item.open]
    if fresh:
        for item in fresh:
            item.outcome = wrong(tx, terms, item) or (None if history else of_its_own(item))
        fresh = [item for item in fresh if item.outcome is None]
        newcomers = await find_members(tx, terms, fresh)
        await refuse_own(tx, terms, fresh, newcomers.members)
        sales = await find_sales(tx, [item for item in fresh if item.outcome is None], known)
        try:
            await _decide(tx, terms, (fresh, newcomers, sales), history, (beside, met))
        except Unfinished as cut:
            # Alone, its sender is told why; among others whoever asked halves the batch first.
            if len(batch) == 1:
                raise cut.because from cut
            raise
    await told_elsewhere(tx, terms, asked)
    await keep_other_lines(tx, asked)
    await tx.write(keep(tx, further_keys(asked)))
    return settle_followers(asked)


async def _decide(
    tx: Tx,
    terms: Terms,
    loaded: tuple[list[Item], Newcomers, Sales],
    history: History | None,
    beside: tuple[Sequence[Beside], set[tuple[str, UUID]]],
) -> None:
    fresh, newcomers, sales = loaded
    if history is not None:
        await refuse_known_ids(tx, fresh)
    todo = [item for item in fresh if item.outcome is None]
    members = {newcomers.of(item.place) for item in todo} | sales.members()
    members -= newcomers.made.keys() | {NOBODY}
    returning = sales.members()
    sales.meets_returns = any(item.command.kind == "return" for item in todo)
    early = await activities.waiting(tx, [k for i in todo if (k := awaited_by(i)) is not None])
    sales.meets_returns |= bool(early)
    named = {sale_key_of(item.command) for item in todo if item.command.sale is not None}
    sales.awaited = {*early, *filter(None, named)}
    # Then the lots taken from may be those of any member here.
    if early or history or _returned_at_once(todo):
        returning |= members
    members |= await who_pays(tx, terms, todo, sales.owners)
    states = await hold_members(tx, terms, members, with_lots=returning)
    states |= newcomers.states(tx.now)
    bring_over(states, history)
    await sales.load(tx)
    await sales.still_nobodys(tx)
    known = [(key, _unpack(packed)) for key, found in early.items() for _, packed in found]
    told = happenings(tx, todo, newcomers, sales, known)
    await load_stories(tx, terms, states, sales, told)
    brought = history.import_id if history else None
    decided = await begin(tx, terms, (todo, sales, newcomers, states), history=brought)
    await load_spent(decided, todo, returning - newcomers.made.keys())
    shown = await codes_shown(tx, terms, todo, states)
    alike = await told_alike(decided, todo, *beside)
    for item in todo:
        if (same := alike.of(decided, item)) is not None:
            item.outcome = same
            _keep(decided, item)
            continue
        if item.command.code:
            _with_code(tx, decided, item, shown)
        else:
            item.outcome = decide_one(decided, item)
        if isinstance(item.outcome, Recorded):
            _catch_up(decided, item, early)
            _keep(decided, item)
        shown.use_again(terms, decided.changes, states)
    if history is not None:
        catch_up_with_nights(decided, todo, history)
    await look_again(tx, todo, Recorded)
    await tx.write(set_aside(tx, _too_late(fresh, newcomers, decided)))
    if newcomers.made:  # a round of its own: a standing cannot be changed where it is born
        newcomers.keep(one.outcome.member_id for one in todo if isinstance(one.outcome, Recorded))
        made = keep_made(tx, brought, list(newcomers.made)) if brought else []
        await tx.write([*newcomers.writes(tx), *made])
    if decided.captured:  # a round of its own, as that they paid for a sale is told of them, too
        await tx.write(close_redemptions(tx, decided.captured))
    await tx.write([*writes(decided), *shown.writes(tx)])


def _with_code(tx: Tx, decided: Decided, item: Item, shown: Shown) -> None:
    """Decide an activity with which a code was told."""
    version, whose = asked_of(decided, item)
    shown.tell(tx, version, item, whose)
    item.outcome = decide_one(decided, item)
    shown.use(tx, version, item, decided.changes, decided.states.get(whose))


def _too_late(fresh: Sequence[Item], newcomers: Newcomers, decided: Decided) -> list[Late]:
    """What was told of erased members: set aside without anything personal."""
    late = []
    for item in fresh:
        if isinstance(item.outcome, MemberErased):
            command = item.command
            sale = decided.sales.find(command) if command.sale is not None else None
            named = newcomers.erased.get(item.place, newcomers.of(item.place))
            whom = named if sale is None else sale.activity.member_id
            late.append(late_activity(command, whom, receipt_of(command)))
    return late


def _returned_at_once(todo: Sequence[Item]) -> bool:
    """Does a return of this batch name a sale of this batch?"""
    bought = {awaited_by(item) for item in todo} - {None}
    return any(sale_key_of(item.command) in bought for item in todo)


def _keep(batch: Decided, item: Item) -> None:
    outcome: Recorded = item.outcome
    batch.kept += kept(item, outcome.member_id, outcome.activity_id)


def _catch_up(batch: Decided, item: Item, early: dict[UUID, list[tuple[UUID, bytes]]]) -> None:
    """Returns that waited for this sale are decided right after it; one that cannot be, stays."""
    key = awaited_by(item) if early or batch.waiting else None
    if key is None:
        return
    own = [(activity_id, packed) for k, activity_id, packed in batch.waiting if k == key]
    for activity_id, packed in early.get(key, []) + own:
        sale = batch.sales.by_id(item.outcome.activity_id)
        try:
            outcome = take_back(batch, sale, _unpack(packed), activity_id)
        except Fault:
            continue
        if isinstance(outcome, Recorded):
            batch.settled.append(activity_id)
            item.outcome = replace(item.outcome, balances=outcome.balances, tier=outcome.tier)
