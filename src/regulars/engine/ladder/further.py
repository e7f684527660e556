"""Further ladders: where a member stands on them is worked out from what counts, when asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.engine.calendar import day_starts_at, local
from regulars.engine.deciding import tiering
from regulars.engine.facts import Facts
from regulars.engine.ladder import counting, floors, giving, kept
from regulars.engine.ladder.credit import reached_on, stands_by_day, step_of, tiers_of
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms, Version
from regulars.records.ledger.types import NEVER
from regulars.records.standing.grants.types import TierGrant
from regulars.records.standing.ladders.types import Looked
from regulars.records.standing.types import TierMove
from regulars.records.trail.types import Steps

Kept = dict[str, tuple[int, int, int, int]]
"""Per ladder, as `Steps.further`: the step seen, credit by each measure, and its period."""
_Credited = dict[int, dict[tuple[int, int], int]]
"""Counters of credit, by the period they stand under."""
_Move = tuple[datetime, int, "TierGrant | Deed | None"]
"""When something moves a member, and the period whose credit it is, or what was given by hand."""
_Gone = tuple[datetime, int, kept.Back]
"""When something that came back counts no more."""


class Deed(NamedTuple):
    """What an activity counts for a further ladder by now, in units by counter and period."""

    at: datetime
    period: int
    credit: Mapping[tuple[int, int], int]
    activity_id: UUID


def stand_on(view: Version, state: MemberState, now: datetime) -> MemberState:
    """A copy with nothing but tier and credit, as one further ladder has it at an instant.

    Order: climbed in the order of the periods with credit, each after the reviews that were due
    before it, as the first ladder does it on the way.
    """
    return _walk(view, state, now, (), Changes(_no_id))


def moves_on(
    view: Version, state: MemberState, now: datetime, deeds: Sequence[Deed]
) -> list[TierMove]:
    """How a member came to where `stand_on` says they stand, the oldest move first.

    Keeps: credit of known deeds counts from when they happened, other from its period's begin.
    """
    stands = stand_on(view, state, now)
    for known in (deeds, ()):
        quiet = Changes(_no_id)
        end = _walk(view, state, now, known, quiet)
        if (end.tier, end.tier_until) == (stands.tier, stands.tier_until):
            break
    return quiet.tier_moves


def _walk(
    view: Version, state: MemberState, now: datetime, deeds: Sequence[Deed], quiet: Changes
) -> MemberState:
    scratch = MemberState(state.member_id, state.joined_at, {})
    tiering.enter(quiet, scratch, _then(view, state.joined_at), state.joined_at)
    credited = _by_period(view, state)
    backs = _backs(view, state)
    shown = _shown(credited, backs)
    moves = _in_order(view, state, sorted(shown), now)
    if deeds:
        begins = {period: at for at, period, given in reversed(moves) if given is None}
        deeds = [d for d in deeds if d.period in begins and begins[d.period] <= d.at <= now]
        moves = sorted([*moves, *((one.at, one.period, one) for one in deeds)], key=lambda m: m[0])
    for at, period, given in _with_backs(moves, view, backs, now):
        then = _then(view, at)
        tiering.review(quiet, scratch, then, at)
        if isinstance(given, kept.Back):  # a step that was reached stays until it is looked at
            scratch.counters[given.of] -= given.units
        elif isinstance(given, Deed):
            for key, units in given.credit.items():
                scratch.counters[key] = scratch.counters.get(key, 0) + units
            tiering.climb(quiet, scratch, then, (at, period), given.activity_id)
        elif given is None:
            later = [one.credit for one in deeds if one.at >= at]
            for key, units in shown[period].items():
                scratch.counters[key] = units - sum(one.get(key, 0) for one in later)
            tiering.climb(quiet, scratch, then, (at, period), state.member_id)
        elif given.closed_at is None:
            giving.begin(quiet, scratch, then, given, at, given.had)
        else:
            giving.end(quiet, scratch, then, given.grant_id, at)
    tiering.review(quiet, scratch, view, now)
    scratch.counters = {key: units for one in credited.values() for key, units in one.items()}
    scratch.grants, scratch.state = [*floors.of_ladder(view, state)], state.state
    return scratch


def _backs(view: Version, state: MemberState) -> list[kept.Back]:
    """What counted on this ladder until the day on which it came back."""
    joined = local(view.zone, state.joined_at).day
    found = kept.on_ladder((*view.earlier, view), state)
    return [one for one in found if one.until > joined]


def _shown(credited: _Credited, backs: Sequence[kept.Back]) -> _Credited:
    """The credit of each period as it was before anything of it came back on a later day."""
    if not backs:
        return credited
    shown = {period: dict(counters) for period, counters in credited.items()}
    for one in backs:
        counters = shown.setdefault(one.of[1], {})
        counters[one.of] = counters.get(one.of, 0) + one.units
    return shown


def _with_backs(
    moves: Sequence[_Move], view: Version, backs: Sequence[kept.Back], now: datetime
) -> Sequence[_Move | _Gone]:
    """What moves a member, with what came back: that goes as its day begins."""
    if not backs:
        return moves
    gone = [(day_starts_at(view.zone, one.until), 0, one) for one in backs]
    gone = [one for one in gone if one[0] <= now]
    both: list[_Move | _Gone] = [*moves, *gone] if kept.goes_last(view) else [*gone, *moves]
    return sorted(both, key=lambda one: one[0])


def _in_order(
    view: Version, state: MemberState, periods: Sequence[int], now: datetime
) -> list[_Move]:
    """What moves a member on this ladder up to an instant: credit of a period that begins to
    count, and what was given by hand as it began, or as it was ended."""
    today, joined = (local(view.zone, at).day for at in (now, state.joined_at))
    found: list[_Move] = [
        (state.joined_at if period <= joined else day_starts_at(view.zone, period), period, None)
        for period in periods
        if period <= today
    ]
    if view.earlier:
        found = [*_by_terms(view, found)]
    for one in floors.of_ladder(view, state):
        if one.begun_at is not None and one.begun_at <= now:
            found.append((one.begun_at, 0, replace(one, closed_at=None, closed_as=None)))
            if one.closed_at is not None and one.closed_at <= now:
                found.append((one.closed_at, 0, one))
    return sorted(found, key=lambda one: one[0])


def _by_terms(view: Version, found: Sequence[_Move]) -> Iterator[_Move]:
    """What counts since the terms of a ladder changed is looked at by the terms since: where each
    day stands by itself, the day of the change by both."""
    changed = {one.counts_from[0]: one for one in (*view.earlier, view) if one.since is not None}
    for at, period, given in found:
        after = changed.get(period)
        since = None if after is None else after.since
        if since is None or since <= at:
            yield at, period, given
        else:
            if after is not None and stands_by_day(after):
                yield at, period, given
            yield since, period, given


def _then(view: Version, at: datetime) -> Version:
    """A further ladder as it was at an instant; before the first of its terms, by these."""
    for one in reversed((*view.earlier, view)):
        if one.since is None or one.since <= at:
            return one
    return view


def begin(
    changes: Changes, state: MemberState, version: Version, given: TierGrant, at: datetime
) -> TierGrant:
    """From now on what was given holds the member up on its ladder, whichever that is."""
    view = version.further.get(given.ladder)
    if view is None:
        return giving.begin(changes, state, version, given, at)
    before = stands_on(version, state, at)
    begun = giving.begin(Changes(_no_id), stand_on(view, state, at), view, given, at)
    state.grants = [*(one for one in state.grants if one.grant_id != given.grant_id), begun]
    tell(changes, state, version, before, at)
    return begun


def end(
    changes: Changes, state: MemberState, version: Version, given: TierGrant, at: datetime
) -> None:
    """What was given by hand is over: the member stands on what they reached by themselves."""
    before = stands_on(version, state, at)
    if given.ladder not in version.further:
        giving.end(changes, state, version, given.grant_id, at)
    state.grants = [
        replace(one, closed_at=at) if one.grant_id == given.grant_id else one
        for one in state.grants
    ]
    tell(changes, state, version, before, at)


def _by_period(view: Version, state: MemberState) -> _Credited:
    """The credit a member has for one further ladder, as counters, by the period it counts in."""
    found: _Credited = {}
    terms = (*view.earlier, view)
    codes = {one.credit_counter for each in terms for one in counting.measured(each)}
    for key, units in state.counters.items():
        if units and key[0] in codes:
            found.setdefault(key[1], {})[key] = units
    return found


def on_ladder(
    version: Version, state: MemberState, ladder: str, now: datetime
) -> tuple[Version, MemberState]:
    """A version as one of its ladders sees it, and how a member stands there; without a name, or
    where that ladder is no more, it is the tiers."""
    view = version.further.get(ladder)
    return (version, state) if view is None else (view, stand_on(view, state, now))


Stands = Mapping[str, MemberState]
"""Where somebody stands on each further ladder."""


def stands_on(version: Version, state: MemberState, now: datetime) -> Stands:
    """Where a member stands on each further ladder."""
    return {name: stand_on(view, state, now) for name, view in version.further.items()}


def stands_at_least(version: Version, state: MemberState, tier: str, now: datetime) -> bool:
    """Whether a member stands on a tier, or above it on the ladder it is on.

    Assumes: a tier whose time is over by now was reviewed.
    """
    for view in version.further.values():
        if tier in view.compiled.tiers:
            stands = step_of(view, stand_on(view, state, now).tier)
            return stands > view.compiled.tiers.index(tier)
    return step_of(version, state.tier) >= step_of(version, tier)


def seen(version: Version, state: MemberState, facts: Facts, now: datetime) -> frozenset[str]:
    """Every step the rules see of further ladders: stood on, or reached by this purchase.

    Shape: what counts is what the state has counted, so it is asked of the member as they were.
    """
    held: set[str] = set()
    for view in version.further.values():
        stands = stand_on(view, state, now)
        step = step_of(view, stands.tier)
        if tiers_of(view).crossing_earns == "new_tier":
            coming = counting.known(view, facts)
            step = max(step, reached_on(view, stands, facts.day, step, coming))
        held.update(view.compiled.tiers[:step])
    return frozenset(held)


def seen_then(version: Version, steps: Steps) -> frozenset[str]:
    """What the rules saw of further ladders when something was decided."""
    views = version.further
    held = (views[name].compiled.tiers[: kept[0]] for name, kept in steps.further.items())
    return frozenset(tier for tiers in held for tier in tiers)


def count(
    changes: Changes,
    state: MemberState,
    terms: tuple[Version, Terms],
    what: tuple[Facts, Mapping[int, int]],
    told_at: datetime,
) -> Kept:
    """Count what an activity is worth for each further ladder, and tell who came up.

    Shape: `terms` are those of the activity, and all; `what` the rules saw, and what they gave
    per wallet.
    Order: who came up is asked of today, however late it was told.
    """
    version, found = terms[0], Kept()
    if not version.further:
        return found
    facts, units = what
    now = changes.now or told_at
    today = terms[1].at(now)
    before = stands_on(today, state, now)
    for name, view in version.further.items():
        coming = counting.gained(view, counting.known(view, facts), units)
        period = counting.count(changes, state, view, facts.day, coming)
        found[name] = (len(facts.further.intersection(view.compiled.tiers)), *coming, period)
    tell(changes, state, today, before, now)
    return found


def give_back(
    changes: Changes,
    state: MemberState,
    terms: tuple[Version, Terms],
    steps: Steps,
    now: tuple[datetime, Facts, Mapping[int, int]],
    came_at: datetime,
) -> tuple[Kept, kept.CameBack]:
    """Take the credit of what came back at an instant from each further ladder, and tell who came
    down; what is left, and all that came back so far where that is looked at later."""
    version, found, noted = terms[0], Kept(), dict(steps.came_back)
    if not steps.further:
        return found, noted
    at, after, units = now
    today, day = terms[1].at(at), local(version.zone, came_at).day
    before = stands_on(today, state, at)
    for name, (step, credit, other, period) in steps.further.items():
        view, had = version.further[name], ((credit, other), period, steps.day)
        left, counted = counting.give_back(changes, state, view, had, (after, units))
        found[name] = (step, *left, counted)
        took = credit - left[0], other - left[1]
        note = kept.note(changes, state, view, (counted, day), took)
        noted |= {name: (*noted.get(name, ()), note)} if note else {}
    tell(changes, state, today, before, at)
    return found, noted


def count_again(
    changes: Changes,
    state: MemberState,
    version: Version,
    was: tuple[Steps, frozenset[str]],
    units: Mapping[int, int],
) -> Kept:
    """The same for a deed that was decided anew, where status it now gives counts; `was` are its
    steps, and what the rules see now."""
    steps, sees = was
    found: Kept = {}
    for name, (_, credit, other, period) in steps.further.items():
        view, had = version.further[name], ((credit, other), period, steps.day)
        more, counted = counting.status_again(changes, state, view, had, units)
        step = len(sees.intersection(view.compiled.tiers))
        found[name] = (step, credit + more[0], other + more[1], counted)
    return found


def tell(
    changes: Changes, state: MemberState, version: Version, before: Stands, now: datetime
) -> None:
    """Tell who stands elsewhere on a further ladder than before, and have those looked at anew who
    do so until another day."""
    after = stands_on(version, state, now)
    for name, view in version.further.items():
        was, is_ = before[name], after[name]
        if (was.tier, was.tier_until) != (is_.tier, is_.tier_until):
            changes.climbed.add(state.member_id)
        steps = step_of(view, was.tier), step_of(view, is_.tier)
        # Nobody is told of what happened elsewhere.
        if steps[0] != steps[1] and changes.history is None:
            names = (None, *view.compiled.tiers)
            payload = {"ladder": name, "from": names[steps[0]], "to": names[steps[1]]}
            changes.touch(state)
            event = Event(state.member_id, state.version, "ladder.changed", payload)
            changes.events.append(event)


def look_at(view: Version, stands: MemberState, looked: datetime | None) -> datetime:
    """When somebody looks next at a member of a ladder that tells before a step is lost: so many
    days before it ends, and as it ends once this end was looked at."""
    until, days = stands.tier_until, tiers_of(view).notice_days
    if until is None or not step_of(view, stands.tier):
        return NEVER
    before = day_starts_at(view.zone, max(local(view.zone, until).day - days, 1))
    return until if until == looked else before


def looks(changes: Changes, terms: Terms, version: Version, now: datetime) -> list[Looked]:
    """When to look at those who stand otherwise now, on ladders that tell before a step is lost."""
    found = []
    tells = {n: v for n, v in version.further.items() if tiers_of(v).notice_days}
    for member_id in sorted(changes.climbed & changes.touched.keys()) if tells else ():
        for name, view in tells.items():
            stands = stand_on(view, changes.touched[member_id], now)
            at = look_at(view, stands, None)
            found.append(Looked(member_id, name, ladders_number(terms, version), at))
    return found


def ladders_number(terms: Terms, version: Version) -> int:
    """The version since which the further ladders are as they are in this one."""
    number = version.number
    for one in reversed(terms.versions[: terms.versions.index(version)]):
        if one.program.ladders != version.program.ladders:
            break
        number = one.number
    return number


def _no_id() -> UUID:
    return UUID(int=0)
