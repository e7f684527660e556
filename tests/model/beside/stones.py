"""Milestones by hand: what came together in a period is added up anew from every deed that stands,
and what there is for it by the promise of when the period began."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.model import wall
from tests.model.deeds import facts_of
from tests.model.kept import Deed, Person, Terms
from tests.model.points import take

from regulars.base.money import decimals

if TYPE_CHECKING:
    from tests.model.reference import World


class Name(NamedTuple):
    """By what something that adds up is known through all versions."""

    kind: str
    id: str
    measure: str
    per: str
    wallet: str
    store: str = ""

    @property
    def counter(self) -> str:
        if self.kind == "draw":
            return f"draw:{self.id}:{self.measure}"
        behind = self.store if self.kind == "board" else self.wallet
        return f"{self.kind}:{self.id}:{self.measure}:{self.per}:{behind}"


@dataclass(eq=False)
class Reached:
    """What a milestone gave somebody in a period: the origin of its lots."""

    owner: str
    lapsed: dict[tuple[str, str], int] = field(default_factory=dict)
    under: set[str] = field(default_factory=set)
    """Whom its owner was merged into, now or before."""

    def gone(self) -> int:
        """What of it lapsed, but for what was given away and lapsed with others."""
        mine = {self.owner} | self.under
        return sum(units for (who, _), units in self.lapsed.items() if who in mine)


def adding_up(terms: Terms) -> dict[Name, Any]:
    """Everything of a version that adds up: milestones, boards, draws."""
    program = terms.program
    found: dict[Name, Any] = {
        Name("milestone", one.id, one.measure, one.per, one.wallet or ""): one
        for one in program.milestones
    }
    for one in program.leaderboards:
        for store in one.stores or ("",):
            found[Name("board", one.id, one.measure, one.per, "", store)] = one
    found |= {Name("draw", one.id, one.measure, "ever", ""): one for one in program.draws}
    return found


def worth(deed: Deed) -> dict[Name, int]:
    """What of a deed, as far as it stands, counts for each of them: 1, pieces, or minor units."""
    return {name: _worth(deed, one, name.store) for name, one in adding_up(deed.terms).items()}


class Left(NamedTuple):
    """What of a deed counts, as far as it stands."""

    pieces: int
    cents: int
    categories: frozenset[str] = frozenset()


def _worth(deed: Deed, one: Any, store: str) -> int:
    today = deed.day.isoformat()
    if not getattr(one, "from_on", "") <= today < getattr(one, "until_on", "9999"):
        return 0
    kept = left(deed, one.counts)
    if kept is None or (store and deed.event.store != store):
        return 0
    if deed.event.kind != "purchase":
        return 1
    return {"deeds": 1, "items": kept.pieces, "spend": kept.cents}[one.measure]


def left(deed: Deed, counts: Any) -> Left | None:
    """What of it is what is asked; nothing when it is not."""
    event = deed.event
    wanted = [(counts.stores, event.store), (counts.channels, event.channel)]
    if event.kind != counts.on or any(asked and is_ not in asked for asked, is_ in wanted):
        return None
    if event.kind != "purchase":
        return None if any(deed.back) else Left(1, 0)
    facts = facts_of(deed)
    place = list(deed.terms.program.qualifying).index(counts.qualifying)
    some = {*counts.categories, *counts.skus}
    lines = [
        line
        for line in facts.lines
        if line.quantity > line.free
        and (not some or line.category in counts.categories or line.sku in counts.skus)
    ]
    cents = sum(line.amounts[place] for line in lines)
    if not some:
        cents += facts.extras[place]
    least = Fraction(str(counts.amount)) * 10 ** decimals(deed.terms.program.currency)
    if not lines or cents < least:
        return None
    categories = frozenset(line.category for line in lines if line.category)
    return Left(sum(line.quantity - line.free for line in lines), cents, categories)


def together(person: Person, name: Name, day: date) -> int:
    """What somebody has of it in the period of a day, by all that stands."""
    period = wall.label(name.per, day)
    same = [deed for deed in person.deeds if wall.label(name.per, deed.day) == period]
    return sum(deed.counted.get(name, 0) for deed in same)


def promise(world: World, deed: Deed, name: Name) -> tuple[Terms, Any]:
    """Who ruled when the period began; the first who said it, where nobody did by then."""
    begins = None
    if name.per != "ever":
        first = deed.day
        while wall.label(name.per, first - wall.DAY) == wall.label(name.per, first):
            first -= wall.DAY
        begins = wall.begins(deed.terms.zone, first)
        then = world.terms(begins)
        if name in adding_up(then):
            return then, adding_up(then)[name]
    for terms in sorted(world.versions, key=lambda one: one.since):
        ruled = world.terms(terms.since) is terms and (begins is None or terms.since > begins)
        if ruled and name in adding_up(terms):
            return terms, adding_up(terms)[name]
    return deed.terms, adding_up(deed.terms)[name]


def due(world: World, deed: Deed, name: Name, whole: int) -> int:
    """The points for so much together."""
    terms, one = promise(world, deed, name)
    unit = 10 ** decimals(terms.program.currency) if name.measure == "spend" else 1
    points = 0
    for step in one.steps if name.wallet else ():
        at = Fraction(str(step.at)) * unit
        times = int(Fraction(whole) / at)
        points += (times if step.again else min(times, 1)) * terms.units(name.wallet, step.points)
    return points


def reach(world: World, person: Person, deed: Deed) -> None:
    """A deed that was just recorded: what it brings together may be due."""
    deed.counted = worth(deed)
    for name in _milestones(deed):
        key = (name, wall.label(name.per, deed.day))
        had = person.stones.get(key, 0)
        more = due(world, deed, name, together(person, name, deed.day)) - had
        if deed.counted[name] and more > 0:
            person.stones[key] = had + more
            origin = world.reached.setdefault((person.name, *key), Reached(person.name))
            world.credit_points(person, deed.terms, (name.wallet, more), deed.at, origin)
            person.earned[name.wallet] = person.earned.get(name.wallet, 0) + more


def fall(world: World, person: Person, deed: Deed) -> None:
    """Some of a deed came back: what is not reached any more goes; what lapsed of it has gone."""
    was, now = deed.counted, worth(deed)
    for name in was:
        before = together(person, name, deed.day)
        deed.counted = deed.counted | {name: min(now[name], was[name])}
        less = was[name] - deed.counted[name]
        if name.kind != "milestone" or not less:
            continue
        key = (name, wall.label(name.per, deed.day))
        had = person.stones.get(key, 0)
        points = min(had, due(world, deed, name, before)) - due(world, deed, name, before - less)
        if points > 0:
            person.stones[key] = had - points
            _take_back(world, person, deed, (key, points))


def _take_back(
    world: World, person: Person, deed: Deed, what: tuple[tuple[Name, str], int]
) -> None:
    (name, period), points = what
    origins = [
        world.reached[who, name, period]
        for who in world.above(deed.who)
        if (who, name, period) in world.reached
    ]
    lapsed = sum(one.gone() for one in origins)
    known = min(max(lapsed - person.excused.get((name, period), 0), 0), points)
    if known:
        person.excused[name, period] = person.excused.get((name, period), 0) + known
    mine = world.reached.get((person.name, name, period))
    take(person, deed.terms, (name.wallet, points - known), mine)


def _milestones(deed: Deed) -> Iterator[Name]:
    return (name for name in deed.counted if name.kind == "milestone")


def counters(person: Person) -> dict[tuple[str, str], Fraction]:
    """What the books count of all this for somebody."""
    found: dict[tuple[str, str], Fraction] = {}
    for deed in person.deeds:
        for name in deed.counted:
            when = wall.label(name.per, deed.day)
            found[name.counter, when] = Fraction(together(person, name, deed.day))
    for kind, kept in (("milestone-given", person.stones), ("milestone-lapsed", person.excused)):
        for (name, when), points in kept.items():
            found[name._replace(kind=kind).counter, when] = Fraction(points)
    return found
