"""Members of whom something happened that a table rates anew, ready to be decided again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.calendar import day_starts_at
from regulars.engine.compiling.rating import Rating
from regulars.engine.deciding.budgets import keys_on
from regulars.engine.restating.rates import due
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.flows.batch.load import hold_members
from regulars.flows.recording.sales import Sales
from regulars.flows.recording.stories import load_stories
from regulars.records.members.unions import read as unions
from regulars.records.standing import read as standing
from regulars.records.standing.write import hold_budgets

Told = tuple[Mapping[UUID, MemberState], Changes]


def begins_at(terms: Terms, rating: Rating) -> datetime:
    """The instant from which on these rates hold."""
    return day_starts_at(terms.numbered(rating.number).zone, rating.from_day)


async def tell(
    tx: Tx,
    terms: Terms,
    rating: Rating,
    members: Sequence[UUID],
    published: Terms | None = None,
) -> Told:
    """What these members did since these rates hold, and what is used of the budgets it drew on.

    Order: they are held; not for a plan, whose terms are not `published` yet.
    Keeps: of the erased nothing moves, and of who was ever merged nothing is decided again.
    """
    lock = published is None
    states = await hold_members(tx, published or terms, members, lock=lock)
    # Where no terms have tiers, nobody else asks who was ever merged, and states do not say it.
    merged = await unions.ever_merged(tx, states)
    own = {
        id_: state
        for id_, state in states.items()
        if state.member_id == id_ and id_ not in merged and state.state != "erased"
    }
    at = begins_at(terms, rating)
    await load_stories(tx, terms, own, Sales(), [(id_, at) for id_ in own], late=sorted(own))
    keys = sorted(set(_keys(terms, own, tx.now)))
    budgets = await (hold_budgets(tx, keys) if lock else standing.budgets(tx, keys)) if keys else {}
    return own, Changes(tx.new_id, now=tx.now, budgets=budgets)


def _keys(
    terms: Terms, states: Mapping[UUID, MemberState], now: datetime
) -> Iterator[tuple[int, int]]:
    for state in states.values():
        story = state.story
        for sale in story.sales.values() if story is not None else ():
            kind, steps = sale.activity.kind, sale.steps
            # What a step of a tier gives may change for anything that followed.
            if due(terms, steps, kind, now) or state.tier is not None:
                yield from keys_on(terms.numbered(steps.version), kind, steps.day)
