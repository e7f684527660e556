"""Activities as they come, in order or late: a late one is decided as the member stood then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from regulars.base.faults import Refused
from regulars.engine.deciding import tiering
from regulars.engine.deciding.earn import Earned, Seen, earn, scene_of, tier_seen
from regulars.engine.deciding.expire import expire
from regulars.engine.deciding.reverse import Returned, give_back
from regulars.engine.ladder import further
from regulars.engine.ladder.counting import known
from regulars.engine.ladder.credit import has_ladder
from regulars.engine.restating import codes
from regulars.engine.restating.again import Deed, Late, decide_again
from regulars.engine.restating.story import Credit, Key, Mark, credit_of, no_id, plus, replay
from regulars.engine.returning.sale import Sale, pieces_back
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Terms
from regulars.records.activity.types import Activity

ACCEPTED: Final = timedelta(days=730)
"""How late an activity may come and still change what was decided since (ADR 0089)."""


def comes_late(state: MemberState, terms: Terms, at: datetime, now: datetime) -> bool:
    """Whether something that happened after it was decided already, where that matters: tiers.

    That is another activity, a review that ended the tier of then, or a change of the terms, also
    one that nobody was brought through yet: every answer is by the new terms from its instant on.
    Of members who were ever merged nothing is decided again: two histories were decided apart.
    History that is brought over is never too old: its years come as its files happen to.
    """
    if state.united:
        return False
    last, since, moved = state.last_at, state.tier_since, state.moved_at
    before_any = (
        (last is not None and at < last)
        or (since is not None and at < since)
        or (moved is not None and at < moved)
        or _crosses(state, terms, at, now)
    )
    if not before_any or (now - at > ACCEPTED and not state.brought):
        return False
    return any(has_ladder(version) for version in terms.versions)


def _crosses(state: MemberState, terms: Terms, at: datetime, now: datetime) -> bool:
    """Whether a change of the ladder lies between then and now that its member goes through."""
    cutovers = terms.at(now).cutovers
    if not cutovers:
        return False
    known = state.recorded_at or state.joined_at
    return any(at < cut.at <= now and known < cut.at for cut in cutovers)


def earn_in_time(
    changes: Changes, state: MemberState, terms: Terms, activity: Activity
) -> tuple[Earned, Sale]:
    """Decide what a member earns, and what follows for what happened after it.

    Order: a late activity sees the tier its member had then; what came after it is then decided
    anew where the tier is another, and the differences are booked (semantics A13).
    """
    at, now = activity.occurred_at, changes.now or activity.occurred_at
    late = comes_late(state, terms, at, now)
    then = _seen_then(state, terms, activity, now) if late else None
    earned = earn(changes, state, terms, activity, then)
    sale = Sale(activity, earned.trail.steps)
    _seen(state, at)
    if state.story is not None:
        key = state.story.did(sale, _credit(terms, sale))
        if late:
            restate(changes, state, terms, _late(key, activity), now)
    return earned, sale


def give_back_in_time(
    changes: Changes,
    state: MemberState,
    terms: Terms,
    sale: Sale,
    activity: Activity,
    now: datetime,
) -> Returned | Refused:
    """Take back what a sale gave, and what follows for what happened after it came back.

    Order: a tier that was due to be looked at comes first, as before earning: with the credit that
    there still was then, whether or not a night fell in between (ADR 0615).
    """
    pieces_back(sale, activity)  # more than was bought is no reason to look at anybody
    at = activity.occurred_at
    late = comes_late(state, terms, at, now)
    if not late:
        tiering.review(changes, state, terms.at(at), min(at, now))
    returned = give_back(changes, state, terms, sale, activity, now)
    if isinstance(returned, Refused):
        return returned
    _seen(state, at)
    key = None
    if state.story is not None:
        then = (sale.steps.returned, _credit(terms, sale))
        key = state.story.came_back(sale, activity, then)
    if late and key is not None:
        restate(changes, state, terms, _late(key, activity), now)
    else:
        version = terms.numbered(sale.steps.version)
        cause = (activity.activity_id, sale.steps.day)
        promised = terms.between(min(state.tier_since or at, at), at)
        tiering.revoke(changes, state, version, at, cause, promised)
    return returned


def _late(key: Key, activity: Activity) -> Late:
    return Late(key, activity.activity_id, activity.actor)


def _seen(state: MemberState, at: datetime) -> None:
    state.last_at = at if state.last_at is None else max(state.last_at, at)


def _credit(terms: Terms, sale: Sale) -> Credit:
    return credit_of(terms.numbered(sale.steps.version), sale.steps)


def _seen_then(state: MemberState, terms: Terms, activity: Activity, now: datetime) -> Seen:
    """Where a member stood on every ladder when something happened, by all we know now."""
    assert state.story is not None, state.member_id
    version = terms.at(activity.occurred_at)
    scene = scene_of(version, activity)
    key = (activity.occurred_at, False, activity.activity_id)
    then = replay(state, terms, now, before=key, look=_only_look)
    at = min(activity.occurred_at, now)
    tiering.review(Changes(no_id), then, version, at)
    tier = tier_seen(then, version, scene.facts.day, known(version, scene.facts))
    return Seen(tier, further.seen(version, then, scene.facts, at))


def _only_look(mark: Mark, tier: int, then: MemberState) -> None:
    """Nothing is decided anew."""


def restate(
    changes: Changes,
    state: MemberState,
    terms: Terms,
    late: Late,
    now: datetime,
) -> None:
    """Decide anew what happened after a late activity, and put the tier where it belongs.

    Keeps: redemptions, corrections by hand, expiries and notices stay as they were recorded.
    """
    story = state.story
    assert story is not None, state.member_id
    expire(changes, state, now)

    def look(mark: Mark, tier: int, then: MemberState) -> None:
        if mark.key <= late.key:
            return
        sale, before = mark.sale, _credit(terms, mark.sale)
        version = terms.rated_by(sale.steps.version, sale.steps.rated)
        sees = Seen(tier, frozenset())
        if version.further:
            facts = scene_of(version, sale.activity).facts
            sees = Seen(tier, further.seen(version, then, facts, min(mark.at, now)))
        if sees == Seen(sale.steps.tier, further.seen_then(version, sale.steps)):
            return
        codes.as_good(version, sale, story.over)
        decide_again(changes, state, version, Deed(sale, sees), late)
        codes.now_over(version, sale, story.over)
        story.shift(sale, plus(_credit(terms, sale), before, -1))

    stands = replay(state, terms, now, look=look)
    tiering.review(Changes(no_id), stands, terms.at(now), now)
    version = terms.at(stands.tier_since or now)
    tiering.restate(changes, state, stands, version, (late.activity_id, now))
