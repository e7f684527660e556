"""Milestones: points with the very deed by which so much came together, and back by what is less.

What is given depends only on how much came together in a period, never on the order in which it
came: what comes late, comes twice, or comes back in parts ends where it would have ended in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import md5
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.engine.calendar import day_starts_at, expires_at
from regulars.engine.compiling.stones import Stone
from regulars.engine.deciding import booking
from regulars.engine.deciding.pending import let_live
from regulars.engine.facts import Facts
from regulars.engine.returning.taking import take
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms, Version
from regulars.records.activity.types import Activity
from regulars.records.ledger.types import NEVER, Account, Lot
from regulars.records.trail.types import Steps

Lapsed = Mapping[UUID, Mapping[int, int]]
"""What lapsed before this batch of what milestones gave, by their cause and wallet."""

_NOTHING: Final[Mapping[str, int]] = MappingProxyType({})


class Known(NamedTuple):
    """What is known of a sale that comes back, besides its steps."""

    lapsed: Lapsed
    under: Sequence[UUID] = ()
    """As whom its member stands since they were merged, one after the other."""


class Came(NamedTuple):
    """What a deed brings a milestone: so much more together, and so many units for it."""

    stone: Stone
    period: int
    more: int
    units: int
    budget: int = 0
    """Under which it counts against what there is for all members; 0 for none."""


def promised(terms: Terms, stone: Stone, version: Version, day: int) -> Stone:
    """The milestone as it was promised when the period of a local day began.

    Order: of a period in which it came to be, and of one that never ends, the first promise.
    """
    return judged(terms, stone, version, day)[1]


def judged(terms: Terms, stone: Stone, version: Version, day: int) -> tuple[Version, Stone]:
    """The same with the version whose promise it is; of a board too."""
    begins = first_day(stone.per, day)
    at = None if begins is None else day_starts_at(version.zone, begins)
    if at is not None:
        then = terms.at(at)
        judge = _of(then, stone)
        if judge is not None:
            return then, judge
    ruling = (v for v in terms.versions if terms.at(v.effective_from) is v)
    found = ((v, _of(v, stone)) for v in ruling if at is None or v.effective_from > at)
    return next(((v, one) for v, one in found if one is not None), (version, stone))


def first_day(per: str, day: int) -> int | None:
    """The first local day of the period a day lies in; nothing when it never began."""
    here = date.fromordinal(day)
    if per == "day":
        return day
    if per == "week":
        return day - here.weekday()
    if per == "month":
        return here.replace(day=1).toordinal()
    return here.replace(month=1, day=1).toordinal() if per == "year" else None


def _of(version: Version, stone: Stone) -> Stone | None:
    return next((one for one in version.stones if one.counter == stone.counter), None)


def cause_of(member_id: UUID, stone: Stone, period: int) -> UUID:
    """What everything given for a milestone in a period is booked under: the same each time."""
    text = f"{member_id}:{stone.given}:{period}"
    return UUID(bytes=md5(text.encode(), usedforsecurity=False).digest())


def keys_on(terms: Terms, kind: str, day: int) -> Iterator[tuple[int, int]]:
    """Every budget (counter, period) of milestones that a deed of this kind on this local day may
    draw on, by whatever version it is judged."""
    for version in terms.versions:
        for stone in version.stones:
            if stone.budget and stone.counts.on == kind:
                yield stone.budget, stone.period(day)


def coming(
    changes: Changes, state: MemberState, terms: Terms, version: Version, facts: Facts
) -> list[Came]:
    """What a deed brings each milestone and board of its version; nothing is changed.

    Keeps: two who became one are not given twice what both had: the steps they reach together
    count what either was given. Of a budget what is left is given; what is missing then comes
    with a later deed, if there is room again.
    """
    found = []
    for stone in version.stones:
        more, period = stone.counted(facts), stone.period(facts.day)
        if not more or stone.board:
            found.append(Came(stone, period, more, 0))
            continue
        together = state.counters.get((stone.counter, period), 0) + more
        judge = promised(terms, stone, version, facts.day)
        given = state.counters.get((stone.given, period), 0)
        units = max(judge.due(together) - given, 0)
        if judge.budget:
            units = min(units, max(judge.most - changes.budgets[judge.budget, period], 0))
        found.append(Came(stone, period, more, units, judge.budget))
    return found


def all_units(came: Sequence[Came], units: Mapping[int, int]) -> Mapping[int, int]:
    """What a deed brings by its rules and its milestones together, per wallet."""
    if not came:
        return units
    whole = dict(units)
    for one in came:
        if one.units:
            whole[one.stone.wallet] = whole.get(one.stone.wallet, 0) + one.units
    return whole


def reached(came: Sequence[Came]) -> Mapping[str, int]:
    """What each milestone gives for a deed, by its id; those that give nothing left out."""
    return {one.stone.promise.id: one.units for one in came if one.units} if came else _NOTHING


def give(
    changes: Changes,
    state: MemberState,
    version: Version,
    activity: Activity,
    came: Sequence[Came],
) -> None:
    """Count what came, and book what there is for it."""
    for one in came:
        if one.more:
            changes.count(state, one.stone.counter, one.period, one.more)
        if one.units:
            changes.count(state, one.stone.given, one.period, one.units)
            if one.budget:
                changes.spend(one.budget, one.period, one.units)
            entry_id = _book(changes, state, version, activity, one)
            told = (activity.activity_id, entry_id, one.units)
            _tell(changes, state, version, one.stone, "milestone.reached", told)


def _book(
    changes: Changes, state: MemberState, version: Version, activity: Activity, one: Came
) -> UUID:
    """Points of a milestone can be spent at once, and live as the wallet says, also late ones."""
    cause = _cause(changes, state, (one.stone, one.period), activity)
    expiry = version.program.wallets[version.wallet_ids[one.stone.wallet]].expiry
    at = activity.occurred_at
    ends: datetime = NEVER if expiry is None else expires_at(version.zone, at, expiry)
    what = (one.stone.wallet, version.number, one.units)
    lot: Lot = booking.earned_lot(changes, state, cause, what, ends)
    let_live(changes, lot, version)
    postings = booking.credit(changes, state, cause, lot, Account.ISSUED)
    state.balance(one.stone.wallet).earned += one.units
    booking.book(changes, state, cause, postings)
    return cause.entry_id


def _cause(
    changes: Changes, state: MemberState, what: tuple[Stone, int], activity: Activity
) -> booking.Cause:
    stone, period = what
    return booking.Cause(
        "milestone",
        changes.new_id(),
        cause_of(state.member_id, stone, period),
        activity.occurred_at,
        activity.actor,
        f"{stone.promise.name}: act_{activity.activity_id.hex}",
    )


def take_back(
    changes: Changes,
    state: MemberState,
    terms: Terms,
    came_back: tuple[Activity, Steps, Facts, Known],
) -> tuple[Steps, Mapping[str, int]]:
    """Count what is less since something came back, and take what is not reached without it.

    Shape: the steps with what of the deed still counts; and by milestone what was taken back.
    Order: what had lapsed of it is not taken twice; then its own lots, then others by latest
    expiry, then what the wallet says about negative balances. A wallet that refuses such returns
    takes what is there: the return itself was let through.
    """
    activity, steps, left, known = came_back
    if not steps.milestones:
        return steps, _NOTHING
    version, counts, taken = terms.numbered(steps.version), [], {}
    for stone, was in zip(version.stones, steps.milestones, strict=False):
        now = min(stone.counted(left), was)
        counts.append(now)
        if now == was:
            continue
        period = stone.period(steps.day)
        before = state.counters.get((stone.counter, period), 0)
        changes.count(state, stone.counter, period, now - was)
        if stone.board:
            continue
        judge = promised(terms, stone, version, steps.day)
        due = judge.due(before + now - was)
        given = state.counters.get((stone.given, period), 0)
        # Members who were merged may have more than is due together: that stays theirs.
        units = min(given, judge.due(before)) - due
        if units > 0:
            _undo(changes, state, version, (activity, stone, period, units), known)
            if judge.budget:
                changes.spend(judge.budget, period, -units)
            taken[stone.promise.id] = units
    return replace(steps, milestones=tuple(counts)), taken


def _undo(
    changes: Changes,
    state: MemberState,
    version: Version,
    what: tuple[Activity, Stone, int, int],
    known: Known,
) -> None:
    activity, stone, period, units = what
    cause = _cause(changes, state, (stone, period), activity)
    # What either of two who became one was given stands under that one's own cause.
    whose = {activity.member_id, *known.under, state.member_id}
    causes = {cause_of(member_id, stone, period) for member_id in whose}
    gone = sum(known.lapsed.get(cause_id, {}).get(stone.wallet, 0) for cause_id in causes)
    gone += sum(state.lapsed.get((cause_id, stone.wallet), 0) for cause_id in causes)
    gone = min(units, max(gone - state.counters.get((stone.lapsed, period), 0), 0))
    changes.count(state, stone.given, period, -units)
    if gone:
        changes.count(state, stone.lapsed, period, gone)
    of = (cause.cause_id, stone.wallet, units - gone)
    postings = take(changes, state, version, cause, of)
    if postings:
        booking.book(changes, state, cause, postings)
    told = (activity.activity_id, cause.entry_id if postings else None, -units)
    _tell(changes, state, version, stone, "milestone.taken_back", told)


def _tell(
    changes: Changes,
    state: MemberState,
    version: Version,
    stone: Stone,
    type_: str,
    told: tuple[UUID, UUID | None, int],
) -> None:
    if changes.history is not None:  # it happened elsewhere
        return
    activity_id, entry_id, units = told
    payload: dict[str, object] = {
        "milestone": stone.promise.id,
        "activity_id": activity_id,
        "entry_id": entry_id,
        "earned": {version.wallet_ids[stone.wallet]: units},
    }
    changes.events.append(Event(state.member_id, state.version, type_, payload))
