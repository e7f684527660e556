"""How people come over to another ladder, worked out by hand: who stands where, and until when.

Read from docs/guides/owner/changing-terms.md and docs/semantics.md (F1 to F3), and from nothing
the shop runs: a plan is told of whoever was there before, change by change, in order of time.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace
from tests.model import ladder, wall
from tests.model.beside.by_hand import floors
from tests.model.kept import Credit, Person, Terms
from tests.model.money.trusted.reaching import moved


class Change(NamedTuple):
    """A ladder that follows on another one at an instant, and moves people or keeps them."""

    at: datetime
    before: Terms
    after: Terms


class Beside(NamedTuple):
    """A ladder from before that counts beside the one in force."""

    ladder: Terms
    since: datetime
    until_on: str | None


def ruled(terms: Terms) -> list[Terms]:
    """The versions that ruled one after the other up to this one; of two that begin together the
    one that was published later."""
    found: list[Terms] = []
    for one in sorted(terms.versions, key=lambda one: one.since):
        if found and found[-1].since == one.since:
            found.pop()
        found.append(one)
        if one is terms:
            break
    return found


def behind(terms: Terms) -> list[Change]:
    """The changes of the ladder that lie behind a version; where nothing but `keep` was said,
    nobody notices."""
    found = []
    for before, after in pairwise(ruled(terms)):
        plan = after.program.changeover
        looks = plan.members != "keep"
        if not same(before, after) and (alike(before, after) if looks else plan.until_on):
            found.append(Change(after.since, before, after))
    return found


def beside(terms: Terms) -> list[Beside]:
    """The ladders that count beside that of a version, each with its end: what was promised goes
    on through further changes, until everybody is placed anew or something else is counted."""
    found: list[Beside] = []
    for before, after in pairwise(ruled(terms)):
        plan = after.program.changeover
        if same(before, after):
            continue
        found = [one for one in found if plan.members != "full" and alike(one.ladder, after)]
        if plan.members == "step_by_step" and alike(before, after):
            found.append(Beside(before, after.since, plan.until_on))
    return found


def same(one: Terms, other: Terms) -> bool:
    """Whether nothing that decides who stands where is another."""
    return _bare(one) == _bare(other)


def _bare(terms: Terms) -> object:
    if terms.tiers is None:
        return None
    steps = tuple(replace(step, name="", perks=()) for step in terms.tiers.steps)
    said = replace(terms.tiers, steps=steps, crossing_earns="old_tier")
    return replace(said, notice_days=0, accept_within_days=1)


def alike(one: Terms, other: Terms) -> bool:
    """Whether both count the same credit, over the same days."""
    mine, theirs = one.tiers, other.tiers
    if mine is None or theirs is None or one.credit_name() != other.credit_name():
        return False
    return (mine.rolling_days, mine.credit_after_days) == (
        theirs.rolling_days, theirs.credit_after_days,
    )  # fmt: skip


def over_on(person: Person, terms: Terms, one: Beside) -> date:
    """The first day on which a ladder counts no more beside the one in force: the day that was
    named, or the one after the window that ran at the change.

    Of windows without an end a file has to name the day, but where another version came between
    two that were looked at beside each other: one that rolls is over with its day.
    """
    if one.until_on is not None:
        return wall.day_of(one.until_on)
    tiers, began = terms.tiers, terms.day(one.since)
    assert tiers is not None, one
    if tiers.window == "anniversary":
        return wall.next_anniversary(terms.day(person.joined), began)
    if tiers.window == "rolling":
        return began + wall.DAY
    return date(began.year + 1, 1, 1) if tiers.window == "calendar_year" else date.max


def reached_on(
    person: Person, terms: Terms, day: date, let_on: int = 0, coming: Credit | None = None
) -> int:
    """The step that the credit of a day reaches: by the ladder in force, or by one that counts
    beside it."""
    more = coming or Credit()
    step = terms.reached(ladder.credit_on(person, terms, day) + more, let_on)
    for one in beside(terms):
        if day >= over_on(person, terms, one):
            continue
        if one.ladder.other_name() != terms.other_name():
            more = Credit(more.first)
        there = one.ladder.reached(ladder.credit_on(person, one.ladder, day) + more)
        if there:
            step = max(step, terms.step_of(one.ladder.tier(there)))
    return step


def comes_over(person: Person, terms: Terms, now: datetime) -> None:
    """Through each change since they were last looked at: what ended by then is judged by the
    terms before it."""
    for change in behind(terms):
        if (person.came_over or person.joined) < change.at <= now:
            ladder.judge(person, change.before, change.at)
            _come_through(person, change)
            person.came_over = change.at


def _come_through(person: Person, change: Change) -> None:
    after, plan = change.after, change.after.program.changeover
    if after.tiers is None:
        return
    if plan.members == "keep":
        _keep(person, after)
        return
    stand = _placed(person, change)
    if stand.tier != person.tier:
        stand = floors.held_up(person, after, stand, change.at)
    if stand.tier != person.tier:
        moved(person, change.at, stand.tier)
        person.tier, person.since, person.until = stand.tier, change.at, stand.until


def _keep(person: Person, after: Terms) -> None:
    """Nothing ends before the day named; what was given by hand has its own end."""
    if floors.holding(person) is None:
        person.until = kept_until(after, person.tier, person.until)


def kept_until(after: Terms, tier: str | None, until: datetime | None) -> datetime | None:
    """Until when a tier is kept: what was for ever is so where the new ladder knows no end."""
    plan, tiers = after.program.changeover, after.tiers
    assert plan.until_on is not None, plan
    assert tiers is not None, plan
    named = wall.begins(after.zone, wall.day_of(plan.until_on))
    if tier is None:
        return until
    if until is None:
        return None if for_ever(after) else named
    return max(until, named)


def for_ever(terms: Terms) -> bool:
    """Whether who reached a step of this ladder has it for ever."""
    tiers = terms.tiers
    return tiers is not None and (tiers.valid == "for_ever" or tiers.window == "ever")


def _placed(person: Person, change: Change) -> floors.Stand:
    """Where their credit puts somebody, and where they stand if nobody falls."""
    after, full = change.after, change.after.program.changeover.members == "full"
    day, joined = after.day(change.at), after.day(person.joined)
    stood = person.step(after)
    asked = max(stood, person.let_on)
    running = after.reached(ladder.credit_on(person, after, day), asked)
    if not full:
        if running > stood:
            return floors.Stand(after.tier(running), after.valid_until(day, joined), running)
        if floors.holding(person) is not None:  # it has its name from whoever gave it
            return floors.Stand(person.tier, person.until, stood)
        until = person.until if stood else None
        anew = after.valid_until(day, joined)
        if stood and running >= stood:  # what they have by their credit now may last longer
            until = anew if person.tier is None else _later(until, anew)
        return floors.Stand(after.tier(stood), until, stood)
    last, before = _window_before(person, after, day, asked)
    step = max(running, before)
    if step < stood and in_grace(change, person.until):
        return floors.Stand(after.tier(stood), person.until, stood)
    if not step:
        return floors.Stand(None, None, 0)
    granted = day if running >= step or last is None else last
    return floors.Stand(after.tier(step), after.valid_until(granted, joined), step)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two ends; nothing is for ever."""
    return None if one is None or other is None else max(one, other)


def _window_before(person: Person, after: Terms, day: date, asked: int) -> tuple[date | None, int]:
    """What the window before reached, where that holds in the one that runs, with its last day;
    where a step is for ever, what the best one did."""
    tiers = after.tiers
    assert tiers is not None, day
    joined = after.day(person.joined)
    if for_ever(after):
        return None, max((after.reached(one, asked) for one in _windows(person, after)), default=0)
    if tiers.valid == "window_end":
        return None, 0
    if tiers.window == "rolling":
        last = day - tiers.rolling_days * wall.DAY
    elif tiers.window == "anniversary":
        last = wall.anniversary(joined, day) - wall.DAY
    else:
        last = date(day.year - 1, 12, 31)
    return last, after.reached(ladder.credit_on(person, after, last), asked)


def _windows(person: Person, after: Terms) -> list[Credit]:
    """All credit by the windows it was collected in."""
    tiers, joined = after.tiers, after.day(person.joined)
    assert tiers is not None, after.since
    first, second = after.credit_name(), after.other_name()
    found: dict[object, Credit] = defaultdict(Credit)
    for deed in person.deeds:
        day = deed.counts_on or deed.day
        begins: object = "ever"
        if tiers.window == "anniversary":
            begins = wall.anniversary(joined, day)
        elif tiers.window == "calendar_year":
            begins = day.year
        mine = deed.terms.credit_name() == first
        too = bool(second) and deed.terms.other_name() == second
        found[begins] += Credit(deed.credit.first * mine, deed.credit.second * too)
    return list(found.values())


def in_grace(change: Change, until: datetime | None) -> bool:
    """Whether a tier's time was over at the change, and only the days of grace ran."""
    tiers = change.before.tiers
    if tiers is None or until is None or not tiers.grace_days:
        return False
    ended = change.before.day(until) - tiers.grace_days * wall.DAY
    return ended <= change.before.day(change.at)


def stood_behind(
    terms: Terms, stood: tuple[str | None, datetime | None], since: datetime, at: datetime
) -> tuple[str | None, datetime | None]:
    """What is left at an instant of a tier that went behind one given by hand: it goes through
    every change as it would have in sight."""
    tier, until = stood
    for change in behind(terms):
        if not since < change.at <= at or (until is not None and until <= change.at):
            continue
        members = change.after.program.changeover.members
        if members == "full" and not in_grace(change, until):
            return None, None
        if members == "keep":
            until = kept_until(change.after, tier, until)
        elif tier is not None:
            tier = change.after.tier(change.after.step_of(tier))
    return tier, until


def crossed(person: Person, terms: Terms, at: datetime, now: datetime) -> bool:
    """Whether a change lies between an instant and now that moves whoever was there."""
    return any(at < one.at <= now and person.joined < one.at for one in behind(terms))
