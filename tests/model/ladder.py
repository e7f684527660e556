"""Tiers by hand: credit is added up anew from every deed that still counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from tests.model import wall
from tests.model.beside.by_hand import floors
from tests.model.beside.looked_after.coming_over import plans
from tests.model.kept import Credit, Deed, Person, Terms
from tests.model.money.trusted.reaching import moved


def credit_on(person: Person, terms: Terms, today: date) -> Credit:
    """All credit that counts for a tier on this day, by each measure."""
    joined = terms.day(person.joined)
    deeds = [
        deed
        for deed in person.deeds
        if deed.credit and terms.counts(deed.counts_on or deed.day, today, joined)
    ]
    name, other = terms.credit_name(), terms.other_name()
    return Credit(
        sum(deed.credit.first for deed in deeds if deed.terms.credit_name() == name),
        sum(deed.credit.second for deed in deeds if other and deed.terms.other_name() == other),
    )


def climb(person: Person, deed: Deed) -> None:
    """Up at once when the credit reaches a higher step."""
    terms = deed.terms
    step = plans.reached_on(person, terms, deed.day, person.let_on)
    if step > person.step(terms):
        until = terms.valid_until(deed.day, terms.day(person.joined))
        moved(person, deed.at, terms.tier(step))
        person.tier, person.since, person.until = terms.tier(step), deed.at, until


def enter(person: Person, terms: Terms, now: datetime) -> None:
    """Who has no tier stands on the step at 0 from now on, or from joining."""
    if terms.tiers is None or person.tier is not None or not terms.reached(0):
        return
    at = max(now, person.joined)
    moved(person, at, terms.tier(terms.reached(0)))
    person.tier, person.since = terms.tier(terms.reached(0)), at
    person.until = terms.valid_until(terms.day(at), terms.day(person.joined))


def review(person: Person, terms: Terms, now: datetime) -> None:
    """Down, or confirmed, each time the tier's time with its grace was over.

    What was reached in a window holds in it, or also in the next one. Without a ladder nothing
    is judged any more. Who was there before a change of the ladder comes through it first.
    """
    plans.comes_over(person, terms, now)
    enter(person, terms, now)
    judge(person, terms, now)


def judge(person: Person, terms: Terms, now: datetime) -> None:
    """What ended up to an instant is judged by these terms."""
    tiers = terms.tiers
    while person.tier and person.until and person.until <= now:
        if tiers is None:
            person.until = None
            return
        ended = person.until
        if person.given_tiers:
            _what_was_given_ends(person, terms, ended)
            continue
        _own_ends(person, terms, ended)


def _what_was_given_ends(person: Person, terms: Terms, ended: datetime) -> None:
    """Somebody to whom tiers were given by hand: one of those may hold them up, or have done so."""
    given = floors.holding(person)
    was = person.tier
    if given is not None:
        stand = floors.left_without(person, terms, given, ended)
    else:
        _own_ends(person, terms, ended)
        stand = floors.Stand(person.tier, person.until, person.step(terms))
    person.tier, person.until, _ = floors.held_up(person, terms, stand, ended)
    if person.tier != was:
        person.since = ended


def _own_ends(person: Person, terms: Terms, ended: datetime) -> None:
    """The time of a tier that somebody reached is over."""
    tiers = terms.tiers
    assert tiers is not None
    today = terms.day(ended)
    judged = {"now": today}
    if tiers.valid == "next_window_end":
        judged["before"] = today - (tiers.grace_days + 1) * wall.DAY
    stood = person.step(terms)
    earned = {
        when: plans.reached_on(person, terms, judged[when], max(stood, person.let_on))
        for when in judged
    }
    lowest = stood - 1 if tiers.downgrade == "one_step" else 0
    step = min(max(*earned.values(), lowest), stood) if stood else max(earned.values())
    moved(person, ended, terms.tier(step))
    if terms.tier(step) != person.tier:
        person.since = ended
    person.tier = terms.tier(step)
    granted = today if tiers.window == "rolling" or earned["now"] >= step else min(judged.values())
    person.until = terms.valid_until(granted, terms.day(person.joined)) if step else None


def revoke(person: Person, deed: Deed, at: datetime) -> None:
    """A tier reached with the help of a sale that came back falls at once, where terms say so.

    It stays when on any day since then the credit that is left would have reached it, also by
    the ladder of another version that was in force in that time and counts the same, or counted
    beside that one.
    """
    terms, joined = deed.terms, deed.terms.day(person.joined)
    if terms.tiers is None or terms.tiers.returned_credit != "revoke_now" or not person.since:
        return
    since, today = terms.day(person.since), terms.day(at)
    if not terms.counts(deed.day, since, joined):
        return
    days = {since, today} | {each.day for each in person.deeds if since <= each.day <= today}
    step = max(plans.reached_on(person, terms, day) for day in days)
    begun = sorted(person.versions, key=lambda version: version.since)
    for other in _in_force(begun, min(person.since, at), at):
        if plans.alike(terms, other):
            stood = {other.tier(plans.reached_on(person, other, day)) for day in days}
            step = max(step, *(terms.step_of(tier, begun) for tier in stood))
    if floors.holding(person) is not None:  # what was given by hand asks for no credit
        return
    if step >= person.step(terms):
        return
    tier = _there_is(person, terms, terms.tier(step), at)
    until = terms.valid_until(since, joined) if tier else None
    left = floors.held_up(person, terms, floors.Stand(tier, until, terms.step_of(tier)), at)
    if left.step < person.step(terms):
        moved(person, at, left.tier)
        person.tier, person.since, person.until = left.tier, at, left.until


def _there_is(person: Person, terms: Terms, tier: str | None, at: datetime) -> str | None:
    """Nobody comes to stand on a step that is no more: whoever would lands where its holders
    belong by now, unless that is where they stand."""
    rules = [one for one in terms.versions if one.since <= at]
    now = sorted(rules, key=lambda one: one.since)[-1] if rules else terms
    if tier is None or now.tiers is None or tier in now.ladder:
        return tier
    belongs = now.step_of(tier)
    return person.tier if belongs >= now.step_of(person.tier) else now.tier(belongs)


def _in_force(begun: Sequence[Terms], since: datetime, at: datetime) -> list[Terms]:
    """Of these versions in order those that ruled at some instant from `since` to `at`."""
    ends = [version.since for version in begun[1:]] + [None]
    return [
        version
        for version, end in zip(begun, ends, strict=True)
        if version.since <= at and (end is None or end > since)
    ]
