"""Who looks after whom, worked out from all there was: nothing is counted on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.model import ladder, wall
from tests.model.beside.looked_after.events import (
    Assigns,
    Follows,
    Hires,
    Leaves,
    LetsGo,
    PassesOn,
)
from tests.model.beside.looked_after.state import Clerk, Span
from tests.model.events import Answer
from tests.model.kept import Person

if TYPE_CHECKING:
    from tests.model.reference import World

SERVES = ("owner", "manager", "support", "cashier")
SOON, LATER = timedelta(minutes=1), timedelta(hours=6)


# --- who has what ---------------------------------------------------------------------------


def _of(world: World, person: Person, benefit: str) -> list[Span]:
    """Their own first, the latest first."""
    mine = [
        one
        for one in world.hand.care.spans
        if one.benefit == benefit and world.who(one.who) is person
    ]
    return sorted(mine, key=lambda one: (one.who != person.name, -one.number))


def _lasts(world: World, one: Span) -> bool:
    return one.ended is None or world.now < one.ended


def _lasting(world: World, person: Person, benefit: str) -> list[Span]:
    return [one for one in _of(world, person, benefit) if _lasts(world, one)]


def table(world: World) -> tuple[tuple[str, int], ...]:
    """Everybody who is looked after now, by whom, and whether that is over soon."""
    found = Counter(
        f"{world.who(one.who).name} {one.benefit} {one.staff} {one.ended is not None}"
        for one in world.hand.care.spans
        if _lasts(world, one)
    )
    return tuple(sorted(found.items()))


def _said(world: World, benefit: str) -> Any:
    named = world.terms(world.now).program.benefits
    return next((one for one in named if one.id == benefit), None)


def _ruled(world: World) -> list[Any]:
    """Benefits that come with somebody."""
    return [one for one in world.terms(world.now).program.benefits if one.associate is not None]


def _no_right(world: World, person: Person, benefit: str) -> str:
    said, terms = _said(world, benefit), world.terms(world.now)
    if said is None:
        return "unknown_benefit"
    mine = [one for one in world.hand.granted if world.who(one.who) is person]
    if person.state != "erased" and any(_runs(world, one, benefit) for one in mine):
        return ""
    if said.by == "grant":
        return "not_granted"
    if said.tier is not None and person.step(terms) < terms.step_of(said.tier):
        return "tier_too_low"
    return ""


def _runs(world: World, one: Any, benefit: str) -> bool:
    return one.benefit == benefit and (one.until is None or world.now < one.until)


# --- whose turn it is -----------------------------------------------------------------------


def _serves(clerk: Clerk) -> bool:
    return clerk.there and clerk.role in SERVES


def _store(world: World, person: Person) -> str:
    """Where they were most often within a year; of two, where they were last."""
    then = wall.later("UTC", world.now, "-1 year")
    visits = [(deed.event.store, deed.at) for deed in person.deeds if deed.at > then]
    stores = {store for store, _ in visits if store}
    often = Counter(store for store, _ in visits)
    last = {store: max(at for there, at in visits if there == store) for store in stores}
    ranked = sorted(stores, key=lambda store: (-often[store], -last[store].timestamp(), store))
    return ranked[0] if ranked else ""


def _whose_turn(world: World, store: str, but: str = "") -> Clerk | None:
    care, has = world.hand.care, Counter[str]()
    for name in care.clerks:
        theirs = [one for one in care.spans if one.staff == name and _lasts(world, one)]
        has[name] = len({world.who(one.who).name for one in theirs})

    def turn(one: Clerk) -> tuple[bool, int, int, int]:
        far = 1 if one.stores is None else 0 if not store or store in one.stores else 2
        return one.role == "owner", far, has[one.name], one.number

    there = [one for one in care.clerks.values() if _serves(one) and one.name != but]
    return min(there, key=turn, default=None)


def _begin(
    world: World, person: Person, benefit: str, clerk: Clerk, until: datetime | None = None
) -> None:
    spans = world.hand.care.spans
    number = max((one.number for one in spans), default=0) + 1
    span = Span(person.name, benefit, clerk.name, number, world.now, until)
    span.why = "over" if until else ""
    spans.append(span)


def gives(world: World, who: str, benefit: str, store: str = "") -> None:
    """Who has a benefit that comes with somebody has them at once, where a rule chooses."""
    said, person = _said(world, benefit), world.who(who)
    if said is None or said.associate is None or said.associate.chosen != "fewest":
        return
    if person.state == "erased" or _no_right(world, person, benefit):
        return
    mine = _of(world, person, benefit)
    if any(one.ended is None for one in mine):
        return
    lasting = _lasting(world, person, benefit)
    if lasting:
        lasting[0].ended, lasting[0].why, lasting[0].looked = None, "", world.now
        return
    if mine and max(mine, key=lambda one: one.number).why == "by_hand":
        return
    clerk = _whose_turn(world, store or _store(world, person))
    if clerk is not None:
        _begin(world, person, benefit, clerk)


# --- what somebody of the shop says ---------------------------------------------------------


def hires(world: World, event: Hires) -> Answer:
    clerks = world.hand.care.clerks
    clerks[event.name] = Clerk(event.name, event.role, event.stores, len(clerks))
    return Answer("hired")


def leaves(world: World, event: Leaves) -> Answer:
    """Whom they looked after they still do, until somebody passes them on."""
    clerk = world.hand.care.clerks[event.name]
    owners = [one for one in world.hand.care.clerks.values() if one.role == "owner" and one.there]
    if clerk.there and owners == [clerk]:
        return Answer("last_owner")
    clerk.there = False
    return Answer("left", table(world))


def assigns(world: World, event: Assigns) -> Answer:
    if event.who in world.hand.erased:
        return Answer("unknown_member")
    person = world.who(event.who)
    ladder.review(person, world.terms(world.now), world.now)
    there = _lasting(world, person, event.benefit)
    no = _no_right(world, person, event.benefit)
    if no == "unknown_benefit" or (no and not there):
        return Answer(no)
    if _said(world, event.benefit).associate is None:
        return Answer("invalid")
    clerk = world.hand.care.clerks.get(event.staff)
    if not event.staff:
        clerk = _whose_turn(world, _store(world, person))
    if clerk is None or not _serves(clerk):
        return Answer("invalid")
    if {one.staff for one in there} == {clerk.name}:
        return Answer("as it was", table(world))
    _change(world, person, event.benefit, clerk)
    return Answer("assigned", table(world))


def _change(world: World, person: Person, benefit: str, clerk: Clerk) -> None:
    """What is over soon goes on under another one for the rest of its time, and no longer."""
    there = _lasting(world, person, benefit)
    ends = [one.ended for one in there]
    until = None if None in ends else max((one for one in ends if one), default=None)
    for one in there:
        one.ended, one.why = world.now, "changed"
    _begin(world, person, benefit, clerk, until)


def lets_go(world: World, event: LetsGo) -> Answer:
    if event.who in world.hand.erased:
        return Answer("unknown_member")
    person = world.who(event.who)
    ladder.review(person, world.terms(world.now), world.now)
    there = _lasting(world, person, event.benefit)
    for one in there:
        one.ended, one.why = world.now, "by_hand"
    return Answer("let go" if there else "as it was", table(world))


def passes_on(world: World, event: PassesOn) -> Answer:
    clerks = world.hand.care.clerks
    if event.staff not in clerks:
        return Answer("not_found")
    to = clerks.get(event.to)
    if event.to and (event.to == event.staff or to is None or not _serves(to)):
        return Answer("invalid")
    passed, left = 0, 0
    for person in _theirs(world, event.staff):
        mine = [one for one in world.hand.care.spans if one.staff == event.staff
                and world.who(one.who) is person and _lasts(world, one)]  # fmt: skip
        for benefit in sorted({one.benefit for one in mine}):
            clerk = to or _whose_turn(world, _store(world, person), event.staff)
            if clerk is None:
                left += 1
                break
            _change(world, person, benefit, clerk)
        else:
            passed += 1
    return Answer("passed on", (("members", passed), ("left", left), *table(world)))


def _theirs(world: World, staff: str) -> list[Person]:
    """In the order in which they joined."""
    spans = [one for one in world.hand.care.spans if one.staff == staff and _lasts(world, one)]
    names = {world.who(one.who).name for one in spans}
    return [world.who(name) for name in world.people if name in names]


# --- what the worker does -------------------------------------------------------------------


def follows(world: World, _: Follows) -> Answer:
    """Over first, so that who works here has room; then whoever lacks somebody."""
    ruled = _ruled(world)
    look = [
        one
        for one in world.hand.care.spans
        if one.ended is None
        and (one.benefit not in {said.id for said in ruled} or _due(world, one, ruled))
    ]
    wanted = [
        (person.name, said.id)
        for said in ruled
        if said.associate.chosen == "fewest"
        for person in _standing(world)
        if _lacks(world, person, said)
    ]
    touched = {world.who(one.who).name for one in look} | {name for name, _ in wanted}
    for name in touched:
        ladder.review(world.who(name), world.terms(world.now), world.now)
    for one in look:
        person = world.who(one.who)
        if person.state != "erased" and not _no_right(world, person, one.benefit):
            one.looked = world.now
            continue
        said, zone = _said(world, one.benefit), world.terms(world.now).zone
        grace = None if said is None or said.associate is None else said.associate.grace
        one.ended = wall.later(zone, world.now, grace) if grace else world.now
        one.why = "over"
    for name, benefit in wanted:
        gives(world, name, benefit)
    return Answer("followed", table(world))


def _standing(world: World) -> Iterator[Person]:
    for name, person in world.people.items():
        if world.who(name).name == name and person.state in ("active", "unregistered"):
            yield person


def _seems(world: World, person: Person, said: Any) -> bool:
    """As it stands without working anything out: the tier of the last look, and own grants."""
    terms = world.terms(world.now)
    if any(_runs(world, one, said.id) for one in world.hand.granted if one.who == person.name):
        return True
    return said.by == "tier" and (
        said.tier is None or person.step(terms) >= terms.step_of(said.tier)
    )


def _due(world: World, one: Span, ruled: list[Any]) -> bool:
    said = next(each for each in ruled if each.id == one.benefit)
    after = LATER if _seems(world, world.who(one.who), said) else SOON
    return one.looked <= world.now - after


def _lacks(world: World, person: Person, said: Any) -> bool:
    """Whoever was let go by hand, or has somebody without an end, lacks nobody."""
    mine = sorted(_of(world, person, said.id), key=lambda one: (one.ended is not None, -one.number))
    return _seems(world, person, said) and (not mine or mine[0].why == "over")


CARE: dict[type, Callable[[Any, Any], Answer]] = {
    Hires: hires, Leaves: leaves, Assigns: assigns, LetsGo: lets_go, PassesOn: passes_on,
    Follows: follows,
}  # fmt: skip
