"""Say what activities would earn, by the very decision that records them, and write nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from regulars.base.tx import Tx
from regulars.engine.restating.again import Unfinished
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import askings
from regulars.flows.batch.load import hold_members
from regulars.flows.commands import RecordActivity, RecordOutcome
from regulars.flows.points.codes.showing import codes_shown
from regulars.flows.recording.begin import begin
from regulars.flows.recording.decide_one import Item, asked_of, decide_one, sale_key_of, wrong
from regulars.flows.recording.decided import Decided
from regulars.flows.recording.newcomers import find_members
from regulars.flows.recording.paying import load_spent, who_pays
from regulars.flows.recording.sales import find_sales
from regulars.flows.recording.stories import happenings, load_stories
from regulars.records.activity.types import NOBODY
from regulars.records.once.read import known


async def preview_activities(
    tx: Tx, terms: Terms, batch: Sequence[RecordActivity], at: datetime | None = None
) -> list[RecordOutcome]:
    """What each activity would earn, as if it came now or at another instant.

    Order: as when they are recorded; each sees what the one before it would leave. Nobody waits:
    nothing is locked, so somebody else may be quicker.
    Faults: per item, as when they are recorded, except that a key or receipt may be used again.
    """
    if at is not None:
        tx.now = at  # for this transaction the clock shows the instant that is tried out
    asked = askings("preview", batch, lambda _: None)
    for item in asked:
        item.outcome = wrong(tx, terms, item)
    fresh = [item for item in asked if item.open]
    todo = await _loaded(tx, terms, fresh)
    if todo is not None:
        shown = await codes_shown(tx, terms, fresh, todo.states, lock=False)
        try:
            for item in asked:
                if item.open:
                    version, whose = asked_of(todo, item)
                    shown.tell(tx, version, item, whose)
                    item.outcome = decide_one(todo, item)
                    shown.use(tx, version, item, todo.changes, todo.states.get(whose))
                    shown.use_again(terms, todo.changes, todo.states)
        except Unfinished as cut:
            raise cut.because from cut
    return [item.outcome for item in asked]


async def _loaded(tx: Tx, terms: Terms, fresh: Sequence[Item]) -> Decided | None:
    """Everything the decision reads, without a lock."""
    if not fresh:
        return None
    newcomers = await find_members(tx, terms, fresh)
    still = [item for item in fresh if item.open]
    named = [key for item in still if (key := sale_key_of(item.command)) is not None]
    sales = await find_sales(tx, still, await known(tx, named))
    members = {newcomers.of(item.place) for item in still} | sales.members()
    members -= newcomers.made.keys() | {NOBODY}
    members |= await who_pays(tx, terms, still, sales.owners)
    states = await hold_members(tx, terms, members, with_lots=sales.members(), lock=False)
    await sales.load(tx, lock=False)
    states |= newcomers.states(tx.now)
    await load_stories(tx, terms, states, sales, happenings(tx, still, newcomers, sales))
    decided = await begin(tx, terms, (still, sales, newcomers, states), lock=False)
    await load_spent(decided, still, sales.members(), lock=False)
    return decided
