"""Benefits by hand: what a tier includes or was granted, how much of it is left, and who may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.model import ladder, wall
from tests.model.beside.between.given import give, take_back
from tests.model.beside.by_hand.events import Grants, Undoes, Uses
from tests.model.beside.by_hand.state import Granted, Use
from tests.model.events import Answer
from tests.model.kept import Person, Terms

if TYPE_CHECKING:
    from tests.model.reference import World

NO_END = -1
"""How much is left where there is no end to it."""


def grants(world: World, event: Grants) -> Answer:
    if event.benefit not in [one.id for one in world.terms(world.now).program.benefits]:
        return Answer("unknown_benefit")
    if event.until is not None and event.until <= world.now:
        return Answer("invalid")
    if event.who in world.hand.erased:
        return Answer("unknown_member")
    who, number = world.who(event.who).name, len(world.hand.granted)
    one = Granted(who, event.benefit, event.times, event.until, number)
    world.hand.granted.append(one)
    return Answer("granted", (("times", event.times),))


def uses(world: World, event: Uses) -> Answer:
    if event.who in world.hand.erased:
        return Answer("unknown_member")
    person, terms = world.who(event.who), world.terms(world.now)
    ladder.review(person, terms, world.now)
    no, counted, granted = _decided(world, person, terms, event)
    if no:
        return Answer(no)
    said = _said(terms, event.benefit)
    assert said is not None, event
    gift = None
    if said.gives is not None:
        points = terms.units(said.gives.wallet, said.gives.points)
        gift = give(world, person.name, terms, (said.gives.wallet, points))
    if granted is not None:
        granted.used += 1
    world.hand.uses[event.name] = Use(person.name, event.benefit, counted, granted, gift)
    world.hand.used_by.append(terms)
    return _told(world, person, event.benefit, "used", granted)


def undoes(world: World, event: Undoes) -> Answer:
    use = world.hand.uses.get(event.name)
    if use is None:
        return Answer("not_found")
    if use.who in world.hand.erased:
        return Answer("member_erased")
    person = world.who(use.who)
    ladder.review(person, world.terms(world.now), world.now)
    if not use.undone:
        use.undone = True
        if use.granted is not None:
            use.granted.used -= 1
        take_back(world, use.gift)
    return _told(world, person, use.benefit, "undone", use.granted)


def _told(world: World, person: Person, benefit: str, what: str, granted: Granted | None) -> Answer:
    terms = world.terms(world.now)
    said = _said(terms, benefit)
    left = 0 if said is None else _all_left(world, person, terms, said)
    return Answer(what, (("granted", int(granted is not None)), ("left", left)))


def _said(terms: Terms, benefit: str) -> Any:
    return next((one for one in terms.program.benefits if one.id == benefit), None)


def _decided(
    world: World, person: Person, terms: Terms, event: Uses
) -> tuple[str, tuple[str, str] | None, Granted | None]:
    """Why not; else on which counter and period it counts, or on what was granted."""
    said = _said(terms, event.benefit)
    no = next(_nobody_may(world, person, terms, event), "")
    if no or said is None:
        return no, None, None
    open_ = _open(world, person, said.id)
    own = next(_not_by_oneself(world, person, terms, said), "")
    if own and not open_:
        return own, None, None
    ends_first = open_ and open_[0].until is not None and said.allowance is not None
    if own or ends_first:
        return "", None, open_[0]
    return "", _counter(terms, said, world.now), None


def _nobody_may(world: World, person: Person, terms: Terms, event: Uses) -> Iterator[str]:
    said, today = _said(terms, event.benefit), terms.day(world.now).isoformat()
    if person.state == "blocked" and not terms.program.blocked.may_redeem:
        yield "member_blocked"
    if said is None:
        yield "unknown_benefit"
        return
    if said.stores and event.store not in said.stores:
        yield "not_here"
    if said.from_on is not None and world.now < _opens(person, terms, said):
        yield "not_now"
    if said.until_on is not None and today >= said.until_on:
        yield "not_now"
    if any(one.from_on <= today < one.until_on for one in said.blackout):
        yield "not_now"


def _opens(person: Person, terms: Terms, said: Any) -> datetime:
    """For whom stands high enough it begins earlier."""
    first = wall.day_of(said.from_on)
    begins = [wall.begins(terms.zone, first)]
    for tier, ahead in said.head_start.items():
        if person.step(terms) >= terms.step_of(tier):
            begins.append(wall.begins(terms.zone, first - int(ahead.split()[0]) * wall.DAY))
    return min(begins)


def _not_by_oneself(world: World, person: Person, terms: Terms, said: Any) -> Iterator[str]:
    if said.by == "grant":
        yield "not_granted"
    elif said.tier is not None and person.step(terms) < terms.step_of(said.tier):
        yield "tier_too_low"
    elif said.allowance is not None and _own_left(world, person, terms, said) < 1:
        yield "used_up"


def _entitled(person: Person, terms: Terms, said: Any) -> bool:
    if said.by == "grant":
        return False
    return said.tier is None or person.step(terms) >= terms.step_of(said.tier)


def _counter(terms: Terms, said: Any, at: datetime) -> tuple[str, str] | None:
    if said.allowance is None:
        return None
    per = said.allowance.per
    return f"benefit:{said.id}:{per}", wall.label(per, terms.day(at))


def _own_left(world: World, person: Person, terms: Terms, said: Any) -> int:
    """Of its allowance, by all uses of that period that stand, of all who are one."""
    here = _counter(terms, said, world.now)
    used = sum(
        one.counted == here and not one.undone and world.who(one.who) is person
        for one in world.hand.uses.values()
    )
    return max(said.allowance.times - used, 0)


def _open(world: World, person: Person, benefit: str) -> list[Granted]:
    """What was granted and can be used now, what ends soonest first."""
    mine = [
        one
        for one in world.hand.granted
        if one.benefit == benefit
        and one.who not in world.hand.erased
        and world.who(one.who) is person
        and one.used < one.times
        and (one.until is None or world.now < one.until)
    ]
    never = datetime.max.replace(tzinfo=wall.UTC)
    return sorted(mine, key=lambda one: (one.until or never, one.number))


def _all_left(world: World, person: Person, terms: Terms, said: Any) -> int:
    own = 0
    if _entitled(person, terms, said):
        if said.allowance is None:
            return NO_END
        own = _own_left(world, person, terms, said)
    return own + sum(one.times - one.used for one in _open(world, person, said.id))


def counters(world: World, person: Person) -> dict[tuple[str, str], Fraction]:
    """What the books count of somebody's uses."""
    found: dict[tuple[str, str], Fraction] = {}
    for one in world.hand.uses.values():
        if one.counted is not None and not one.undone and world.who(one.who) is person:
            found[one.counted] = found.get(one.counted, Fraction(0)) + 1
    return found


BENEFITS: dict[type, Callable[[Any, Any], Answer]] = {
    Grants: grants, Uses: uses, Undoes: undoes,
}  # fmt: skip
