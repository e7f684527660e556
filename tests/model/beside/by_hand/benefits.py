"""Benefits by hand: what a tier includes or was granted, how much of it is left, and who may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.model import ladder, wall
from tests.model.beside.between.given import give, take_back
from tests.model.beside.by_hand.events import Comes, Grants, Rebooks, StaysAway, Undoes, Uses
from tests.model.beside.by_hand.state import Granted, Use
from tests.model.beside.looked_after import brought, care
from tests.model.events import Answer
from tests.model.kept import Person, Terms
from tests.model.money.trusted import reaching

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
    care.gives(world, who, event.benefit)
    return Answer("granted", (("times", event.times),))


def uses(world: World, event: Uses) -> Answer:
    wished = _said(world.terms(world.now), event.benefit)
    if wished is not None and wished.appointments is not None and event.at is None:
        return Answer("invalid")
    if event.who in world.hand.erased:
        return Answer("unknown_member")
    person, terms = world.who(event.who), world.terms(world.now)
    ladder.review(person, terms, world.now)
    no, counted, granted = _decided(world, person, terms, event)
    if no:
        return Answer(no)
    return _uses(world, person, event, counted, granted)


def _uses(
    world: World,
    person: Person,
    event: Uses,
    counted: tuple[str, str] | None,
    granted: Granted | None,
) -> Answer:
    terms = world.terms(world.now)
    said = _said(terms, event.benefit)
    assert said is not None, event
    gift = None
    if said.gives is not None:
        points = terms.units(said.gives.wallet, said.gives.points)
        gift = give(world, person.name, terms, (said.gives.wallet, points))
    takes = _takes(said, event.guests)
    if granted is not None:
        granted.used += takes
    world.hand.uses[event.name] = Use(
        person.name, event.benefit, counted, granted, gift, False,
        event.store, event.guests, takes, event.at,
    )  # fmt: skip
    world.hand.used_by.append(terms)
    care.gives(world, person.name, event.benefit, event.store)
    return _told(world, person, event.benefit, "used", granted)


def undoes(world: World, event: Undoes) -> Answer:
    use = world.hand.uses.get(event.name)
    if use is None:
        return Answer("not_found")
    if use.who in world.hand.erased:
        return Answer("member_erased")
    if not use.undone and not use.missed and _too_late(use, world.now):
        return Answer("too_late_to_cancel")
    person = world.who(use.who)
    ladder.review(person, world.terms(world.now), world.now)
    if not use.undone and not use.missed:
        _undo(world, use)
    return _told(world, person, use.benefit, "missed" if use.missed else "undone", use.granted)


def _undo(world: World, use: Use) -> None:
    use.undone = True
    if use.granted is not None:
        use.granted.used -= use.takes
    take_back(world, use.gift)


def comes_no_more(world: World, person: Person) -> None:
    """What they booked and what has not begun is taken back, so that others can have the time;
    also what they may not cancel themselves any more."""
    for use in world.hand.uses.values():
        coming = use.at is not None and world.now < use.at
        if coming and world.who(use.who) is person and not (use.undone or use.missed):
            _undo(world, use)


def _too_late(use: Use, now: datetime) -> bool:
    return use.at is not None and now >= use.at - timedelta(hours=2)


def rebooks(world: World, event: Rebooks) -> Answer:
    """As if it had never been, and used for another time; else it stays as it was."""
    use = world.hand.uses.get(event.name)
    if use is None:
        return Answer("not_found")
    if use.at is None or use.undone or use.missed:
        return Answer("invalid")
    if use.who in world.hand.erased:
        return Answer("member_erased")
    person, terms = world.who(use.who), world.terms(world.now)
    ladder.review(person, terms, world.now)
    if _too_late(use, world.now):
        return Answer("too_late_to_cancel")
    _undo(world, use)
    wish = Uses(use.who, use.benefit, event.into, use.store, "", use.guests, event.at)
    no, counted, granted = _decided(world, person, terms, wish)
    if no:
        use.undone = False
        if use.granted is not None:
            use.granted.used += use.takes
        return Answer(no)
    return _uses(world, person, wish, counted, granted)


def stays_away(world: World, event: StaysAway) -> Answer:
    use = world.hand.uses.get(event.name)
    if use is None:
        return Answer("not_found")
    if use.at is None or use.undone or world.now < use.at:
        return Answer("invalid")
    person = world.who(use.who)
    ladder.review(person, world.terms(world.now), world.now)
    use.missed = True
    return _told(world, person, use.benefit, "missed", use.granted)


def comes(world: World, event: Comes) -> Answer:
    """On its own day; nothing else changes by it, and it is not taken back by being said again."""
    use = world.hand.uses.get(event.name)
    if use is None:
        return Answer("not_found")
    terms = world.terms(world.now)
    if use.at is None or use.undone or use.missed or terms.day(use.at) != terms.day(world.now):
        return Answer("invalid")
    person = world.who(use.who)
    ladder.review(person, terms, world.now)
    use.came = True
    return _told(world, person, use.benefit, "came", use.granted)


def _takes(said: Any, guests: int) -> int:
    return 1 + guests if said.guests is not None and said.guests.counts else 1


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
    takes, then = _takes(said, event.guests), event.at or world.now
    all_open = _open(world, person, said.id, then)
    open_ = [one for one in all_open if one.times - one.used >= takes]
    own = next(_not_by_oneself(world, person, terms, (said, takes, then)), "")
    if own and not open_:
        return own, None, None
    ends_first = open_ and open_[0].until is not None and said.allowance is not None
    if own or ends_first:
        return "", None, open_[0]
    return "", _counter(person, terms, said, then), None


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

    most = 0 if said.guests is None else said.guests.most
    if event.guests > most:
        yield "too_many_guests"
    if event.at is not None:
        if said.appointments is None or not _begins(world, terms, event.at):
            yield "no_such_time"
        elif _there(world, said, event) + 1 + event.guests > said.appointments.places:
            yield "fully_booked"


def _begins(world: World, terms: Terms, at: datetime) -> bool:
    """Whether one begins then: at ten or eleven, in the next seven days."""
    clock = wall.there(terms.zone, at)
    whole = (clock.minute, clock.second, clock.microsecond) == (0, 0, 0)
    ahead = clock.replace(tzinfo=None) - wall.there(terms.zone, world.now).replace(tzinfo=None)
    return whole and clock.hour in (10, 11) and world.now < at and ahead <= timedelta(days=7)


def _there(world: World, said: Any, event: Uses) -> int:
    return sum(
        1 + one.guests
        for one in world.hand.uses.values()
        if one.benefit == said.id and (one.at, one.store) == (event.at, event.store)
        and not one.undone and not one.missed
    )  # fmt: skip


def _opens(person: Person, terms: Terms, said: Any) -> datetime:
    """For whom stands high enough it begins earlier."""
    first = wall.day_of(said.from_on)
    begins = [wall.begins(terms.zone, first)]
    for tier, ahead in said.head_start.items():
        if person.step(terms) >= terms.step_of(tier):
            begins.append(wall.begins(terms.zone, first - int(ahead.split()[0]) * wall.DAY))
    return min(begins)


def _not_by_oneself(
    world: World, person: Person, terms: Terms, wish: tuple[Any, int, datetime]
) -> Iterator[str]:
    said, takes, then = wish
    if said.by == "grant":
        yield "not_granted"
    elif said.tier is not None and person.step(terms) < terms.step_of(said.tier):
        yield "tier_too_low"
    elif _over(person, terms, said, then):
        yield "not_now"
    elif said.allowance is not None and _own_left(world, person, terms, (said, then)) < takes:
        yield "used_up"


def _over(person: Person, terms: Terms, said: Any, then: datetime) -> bool:
    """An allowance that began with its member has an end."""
    if said.allowance is None or said.allowance.per != "reached":
        return False
    begun = reaching.stretch(person, terms, said, then)
    return begun is not None and then >= begun[1]


def _entitled(person: Person, terms: Terms, said: Any) -> bool:
    if said.by == "grant":
        return False
    return said.tier is None or person.step(terms) >= terms.step_of(said.tier)


def _counter(person: Person, terms: Terms, said: Any, at: datetime) -> tuple[str, str] | None:
    if said.allowance is None:
        return None
    per = said.allowance.per
    if per == "reached":
        begun = reaching.stretch(person, terms, said, at)
        return f"benefit:{said.id}:{per}", "" if begun is None else begun[0].isoformat()
    return f"benefit:{said.id}:{per}", wall.label(per, terms.day(at))


def _below(person: Person, terms: Terms, said: Any, then: datetime) -> str:
    """What was counted by days before this one counts together: a later beginning is none where
    something that came late made another one before it."""
    here = _counter(person, terms, said, then)
    begun = None
    if said.allowance.per == "reached":
        begun = reaching.stretch(person, terms, said, then)
    over = None if begun is None else terms.day(begun[1]).isoformat()
    return over or ("" if here is None else f"{here[1]}~")


def _own_left(world: World, person: Person, terms: Terms, wish: tuple[Any, datetime]) -> int:
    """Of its allowance, by all uses of that period that stand, of all who are one."""
    said, then = wish
    if _over(person, terms, said, then):
        return 0
    here = _counter(person, terms, said, then)
    below = _below(person, terms, said, then)
    used = sum(
        one.takes
        for one in world.hand.uses.values()
        if one.counted is not None and here is not None and not one.undone
        and one.counted[0] == here[0] and here[1] <= one.counted[1] < below
        and world.who(one.who) is person
    )  # fmt: skip
    if here is not None:
        had = brought.used(world, person)
        used += sum(one.times for one in had if one.counted[0] == here[0]
                    and here[1] <= one.counted[1] < below)  # fmt: skip
    return max(said.allowance.times - used, 0)


def _open(world: World, person: Person, benefit: str, then: datetime) -> list[Granted]:
    """What was granted and can be used then, what ends soonest first."""
    mine = [
        one
        for one in world.hand.granted
        if one.benefit == benefit
        and one.who not in world.hand.erased
        and world.who(one.who) is person
        and one.used < one.times
        and (one.until is None or then < one.until)
    ]
    never = datetime.max.replace(tzinfo=wall.UTC)
    return sorted(mine, key=lambda one: (one.until or never, one.number))


def _all_left(world: World, person: Person, terms: Terms, said: Any) -> int:
    own = 0
    if _entitled(person, terms, said):
        if said.allowance is None:
            return NO_END
        own = _own_left(world, person, terms, (said, world.now))
    return own + sum(one.times - one.used for one in _open(world, person, said.id, world.now))


def counters(world: World, person: Person) -> dict[tuple[str, str], Fraction]:
    """What the books count of somebody's uses."""
    found: dict[tuple[str, str], Fraction] = {}
    for one in world.hand.uses.values():
        if one.counted is not None and not one.undone and world.who(one.who) is person:
            found[one.counted] = found.get(one.counted, Fraction(0)) + one.takes
    for had in brought.used(world, person):
        found[had.counted] = found.get(had.counted, Fraction(0)) + had.times
    return found


BENEFITS: dict[type, Callable[[Any, Any], Answer]] = {
    Grants: grants, Uses: uses, Undoes: undoes, Rebooks: rebooks, StaysAway: stays_away,
    Comes: comes,
}  # fmt: skip
