"""What limits, cooldowns and budgets still allow, and how what is given counts against them.

Budgets are what one activity, all members together or each of them may get whatever rules give
it; they are cut from whole points after the one rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from regulars.engine.calendar import day_starts_at, local, minute_of, minute_starts_at, period_of
from regulars.engine.compiling.compile import CompiledLimit, CompiledWallet
from regulars.engine.state import Changes, MemberState
from regulars.engine.terms import Version
from regulars.records.trail.types import Steps


class Moment(Struct, frozen=True, gc=False):
    """When something happened, as limits count it: the local day, and the minute where it
    matters."""

    day: int
    minute: int


class Resting(NamedTuple):
    """A rule that gave to a member and rests for them until then."""

    rule: str
    until: datetime


def moment_at(version: Version, day: int, occurred_at: datetime) -> Moment:
    """When an activity happened, for the limits of this version."""
    return Moment(day, minute_of(occurred_at) if version.compiled.by_minutes else 0)


def moment_of(steps: Steps) -> Moment:
    """When a decided activity happened, as it was frozen with it."""
    return Moment(steps.day, steps.minute)


def room_of(
    changes: Changes, state: MemberState, version: Version, when: tuple[str, Moment]
) -> list[int]:
    """How much each limit, and then each budget, still allows; `when` is kind and moment.

    Limits of other kinds of activity are full.
    """
    kind, moment = when
    day, compiled = moment.day, version.compiled
    room = list(compiled.full_room)
    for place in compiled.limits_on.get(kind, ()):
        limit = compiled.limits[place]
        if limit.per != "activity":
            key = (version.limit_counters[place], period_of(limit.per, day))
            used = changes.budgets[key] if limit.shared else state.counters.get(key, 0)
            room[place] = max(limit.full - used, 0)
    if compiled.cooldowns_on:
        for place in compiled.cooldowns_on.get(kind, ()):
            room[place] = 0 if _rests(state, version, place, moment) else 1
    for place, budget in enumerate(compiled.budgets):
        used = drawn_of(changes, state, version, place, day)
        room[len(compiled.limits) + place] = max(budget.full - used, 0)
    return room


def drawn_of(changes: Changes, state: MemberState, version: Version, place: int, day: int) -> int:
    """How much of a budget is used in the period of a day; of each activity's own nothing is."""
    budget = version.compiled.budgets[place]
    if not budget.counted:
        return 0
    key = (version.budget_counters[place], period_of(budget.per, day))
    return changes.budgets[key] if budget.shared else state.counters.get(key, 0)


def used_of(
    changes: Changes, state: MemberState, version: Version, place: int, moment: Moment
) -> int:
    """How much of a limit is used around this moment; of a cooldown, whether the rule rests."""
    limit = version.compiled.limits[place]
    if limit.rest:
        return int(_rests(state, version, place, moment))
    key = (version.limit_counters[place], _period(limit, moment))
    return changes.budgets[key] if limit.shared else state.counters.get(key, 0)


def _rests(state: MemberState, version: Version, place: int, moment: Moment) -> bool:
    """Whether a rule gave to this member too near to this moment, before it or after.

    Order: what is told late finds what happened after it as well, so that two times are never
    nearer to each other than the rule says, in whatever order they are told.
    """
    limit, counter = version.compiled.limits[place], version.limit_counters[place]
    here = _period(limit, moment)
    return any(
        code == counter and times > 0 and abs(period - here) < limit.rest
        for (code, period), times in state.counters.items()
    )


def rest_until(state: MemberState, version: Version, now: datetime) -> Iterator[Resting]:
    """The rules that rest for a member at this instant, and from when on each may give again.

    Example: a visit at 10:12:40 with four hours' rest may give again at 14:12; with `{days: 1}`
    the next day.
    """
    compiled = version.compiled
    moment = moment_at(version, local(version.zone, now).day, now)
    for place, limit in enumerate(compiled.limits):
        if not limit.rest or not _rests(state, version, place, moment):
            continue
        counter = version.limit_counters[place]
        last = max(
            p for (code, p), times in state.counters.items() if code == counter and times > 0
        )
        ends = last + limit.rest
        until = minute_starts_at(ends) if limit.by_minutes else day_starts_at(version.zone, ends)
        yield Resting(compiled.rules[limit.rule], until)


def _period(limit: CompiledLimit, moment: Moment) -> int:
    if limit.rest:
        return moment.minute if limit.by_minutes else moment.day
    return period_of(limit.per, moment.day)


def count_limit(
    changes: Changes, state: MemberState, version: Version, where: tuple[int, Moment], by: int
) -> None:
    """Count against one limit, or give room back (negative); `where` is place and moment."""
    place, moment = where
    limit = version.compiled.limits[place]
    counter, period = version.limit_counters[place], _period(limit, moment)
    if limit.shared:
        changes.spend(counter, period, by)
    else:
        changes.count(state, counter, period, by)


def count_given(
    changes: Changes,
    state: MemberState,
    version: Version,
    when: tuple[str, Moment],
    given: Sequence[int],
) -> None:
    """Count what rules gave against their limits; `when` is kind and moment."""
    kind, moment = when
    compiled = version.compiled
    for place in compiled.limits_on.get(kind, ()):
        limit = compiled.limits[place]
        points = given[limit.rule]
        if points and limit.per != "activity":
            by = points if limit.counts == "points" else 1
            count_limit(changes, state, version, (place, moment), by)
    if compiled.cooldowns_on:
        for place in compiled.cooldowns_on.get(kind, ()):
            if given[compiled.limits[place].rule]:
                count_limit(changes, state, version, (place, moment), 1)


def keys_on(version: Version, kind: str, day: int) -> Iterator[tuple[int, int]]:
    """Every budget (counter, period) that an activity of this kind on this local day may draw on.

    Order: none; whoever locks them sorts them.
    """
    compiled = version.compiled
    for place in compiled.limits_on.get(kind, ()):
        limit = compiled.limits[place]
        if limit.shared:
            yield version.limit_counters[place], period_of(limit.per, day)
    for counter, budget in zip(version.budget_counters, compiled.budgets, strict=True):
        if budget.shared:
            yield counter, period_of(budget.per, day)


def has_budgets(version: Version) -> bool:
    """Whether anything in this version is shared by all members."""
    compiled = version.compiled
    return (
        any(budget.shared for budget in compiled.budgets)
        or any(limit.shared for limit in compiled.limits)
        or any(stone.budget for stone in version.stones)
    )


def within(version: Version, wallet: int, points: int, room: Sequence[int]) -> int:
    """What of these points the budgets of a wallet (its place in the file) leave.

    Shape: `room` as `room_of` gives it and `Steps.room` keeps it.
    Example: 30 points with 20 left in the month give 20, or nothing where the budget rejects.
    """
    if not version.compiled.budgets:
        return points
    first = len(version.compiled.limits)
    for place, budget in enumerate(version.compiled.budgets):
        if budget.wallet == wallet and points > room[first + place]:
            points = 0 if budget.rejects else room[first + place]
    return points


def cut(parts: Sequence[int], points: int) -> tuple[int, ...]:
    """The parts of the rules when less is given than they came to: the last ones give way."""
    left, kept = points, []
    for part in parts:
        kept.append(min(part, left))
        left -= kept[-1]
    return tuple(kept)


def draw(
    changes: Changes, state: MemberState, version: Version, day: int, units: Mapping[int, int]
) -> None:
    """Count what was given (negative: what came back) against the budgets of that local day."""
    for counter, budget in zip(version.budget_counters, version.compiled.budgets, strict=True):
        points = units.get(version.wallet_codes[budget.wallet], 0)
        period = period_of(budget.per, day)
        if points < 0 and version.compiled.wallets[budget.wallet].keeps != "no":
            # Of what an older reckoning left a point below, no more than it has (ADR 0927).
            own = state.counters.get((counter, period), 0)
            used = changes.budgets[(counter, period)] if budget.shared else own
            points = max(points, -used)
        if points and budget.shared:
            changes.spend(counter, period, points)
        elif points and budget.counted:
            changes.count(state, counter, period, points)


def drawn_by(version: Version, place: int, steps: Steps) -> int:
    """What a deed uses of the budgets of a wallet (its place in the file), as it stands by now.

    Keeps: never below nothing, and nothing once all of it came back. Where remainders are kept a
    return may break a point that another deed rounded up: that one's day gave it, and goes on
    having given it (semantics C3, D5).
    Example: 9.99 gave 9 on Monday and the next 10 on Tuesday; Monday's return takes 10, and frees
    the 9 of Monday.
    """
    wallet = version.compiled.wallets[place]
    if wallet.keeps != "no" and steps.stands.get(wallet.id) == 0:
        return 0
    return max(gave_by(wallet, steps), 0)


def gave_by(wallet: CompiledWallet, steps: Steps) -> int:
    """What a deed gives into a wallet by now, its rules and the remainder together."""
    return sum(steps.given[rule] for rule in wallet.rules) + steps.carried.get(wallet.id, 0)


def draw_again(
    changes: Changes, state: MemberState, version: Version, was: Steps, now: Steps
) -> None:
    """Count by how much more or less a deed uses of the budgets of its day than before."""
    wallets = {budget.wallet for budget in version.compiled.budgets}
    more = {
        version.wallet_codes[place]: drawn_by(version, place, now) - drawn_by(version, place, was)
        for place in wallets
    }
    draw(changes, state, version, was.day, more)
