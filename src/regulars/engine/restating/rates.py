"""Rates that hold for what happened already: each deed once more, by the tables that hold now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from regulars.engine.deciding.earn import Seen
from regulars.engine.deciding.expire import expire
from regulars.engine.ladder.credit import has_ladder
from regulars.engine.ladder.further import seen_then
from regulars.engine.restating.again import Deed, Late, decide_again
from regulars.engine.restating.late import restate
from regulars.engine.restating.story import Mark, credit_of, plus
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.records.trail.types import Steps

ACTOR: Final = "rates"
SETTLED_AFTER: Final = timedelta(minutes=1)
"""So long after a version began nobody tells anything any more by the one before."""


def due(terms: Terms, steps: Steps, kind: str, now: datetime) -> bool:
    """Whether a deed is rated by other tables than those that hold for its day by now."""
    return terms.rates(steps.version, kind, steps.day, now).rated != steps.rated


def rate_again(changes: Changes, state: MemberState, terms: Terms, now: datetime) -> int:
    """Decide a member's deeds anew that other tables rate by now, and book the differences; how
    many there were.

    Order: as they happened; then what followed from the status they gave, as when something was
    told late (ADR 0089). Assumes: who was ever merged is left as they are by whoever asks: nothing
    of theirs is rated anew, so no tier of theirs has to be looked at before it (ADR 0560, 0666).
    Keeps: what limits and budgets leave today; redemptions, corrections and expiries as they were.
    Example: 1,000 miles at 1 become 1.25 from March on: 250 more, as points of the day of flight.
    """
    story = state.story
    assert story is not None, state.member_id
    assert not state.united, state.member_id
    expire(changes, state, now)
    first: Late | None = None
    count = 0
    for mark in _due(terms, state, now):
        sale, steps = mark.sale, mark.sale.steps
        by, rated = terms.rates(steps.version, sale.activity.kind, steps.day, now)
        was, anew = (terms.rated_by(steps.version, one) for one in (steps.rated, rated))
        before = credit_of(was, steps)
        sees = Seen(steps.tier, seen_then(was, steps))
        late = Late(mark.key, UUID(int=by), ACTOR, f"rates of version {by}")
        decide_again(changes, state, was, Deed(sale, sees, anew, rated), late)
        story.shift(sale, plus(credit_of(anew, sale.steps), before, -1))
        first, count = first or late, count + 1
    if first is not None and any(map(has_ladder, terms.versions)):
        restate(changes, state, terms, first, now)
    return count


def _due(terms: Terms, state: MemberState, now: datetime) -> Iterator[Mark]:
    assert state.story is not None, state.member_id
    for mark in state.story.in_order():
        if not mark.back and due(terms, mark.sale.steps, mark.sale.activity.kind, now):
            yield mark
