"""What came late, worked out from nothing: the ladder told again in order, deeds judged anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.model import ladder
from tests.model.beside import clubs
from tests.model.beside.clubs import Counted
from tests.model.beside.looked_after.coming_over import plans
from tests.model.deeds import exactly, left_of, own_rules
from tests.model.kept import Credit, Deed, Person, Terms, limit_name
from tests.model.left_alone import quiet
from tests.model.left_alone.meanwhile.drawn import allowed, budgets_left, drawn
from tests.model.money.trusted.reaching import moved
from tests.model.points import claw_back, lapse

from regulars.engine.reference.interpreter import rounded

if TYPE_CHECKING:
    from tests.model.reference import World

ACCEPTED = timedelta(days=730)


@dataclass(eq=False)
class Told:
    """A deed and its credit, or some of it coming back and how much of the credit went."""

    at: datetime
    back: bool
    number: int
    deed: Deed
    credit: Credit
    clubs: dict[str, Counted] = field(default_factory=dict)
    """The same for further ladders, by what is counted."""

    @property
    def place(self) -> tuple[datetime, bool, int]:
        return self.at, self.back, self.number


@dataclass(eq=False)
class Shadow:
    """A deed as the ladder looks at it."""

    terms: Terms
    at: datetime
    day: date
    credit: Credit
    clubs: dict[str, Counted]
    counts_on: date | None = None


@dataclass
class Past:
    """All a person did, in the order it was told."""

    told: list[Told] = field(default_factory=list)
    last: datetime | None = None

    def add(self, one: Told, at: datetime) -> Told:
        self.told.append(one)
        self.last = at if self.last is None else max(self.last, at)
        return one


def is_late(world: World, person: Person, at: datetime) -> bool:
    """Something later was judged already, a tier ended or a ladder changed since; it matters with
    a ladder."""
    if person.united:
        return False
    done = [one for one in (person.past.last, person.since, person.came_over) if one is not None]
    before_any = bool(done) and at < max(done)
    before_any = before_any or plans.crossed(person, world.terms(world.now), at, world.now)
    if not before_any or world.now - at > ACCEPTED:
        return False
    return any(terms.tiers or terms.program.ladders for terms in world.versions)


def step_seen(person: Person, terms: Terms, day: date, credit: Credit) -> int:
    """The step rules see: where somebody stands, or what this very purchase reaches."""
    step = person.step(terms)
    if terms.tiers is not None and terms.tiers.crossing_earns == "new_tier":
        step = max(step, plans.reached_on(person, terms, day, coming=credit))
    return step


def told_again(
    world: World,
    person: Person,
    look: Callable[[Told, int, frozenset[str]], None],
    before: tuple[datetime, bool, int] | None = None,
) -> Person:
    """Somebody with nothing but a tier and its credit, after all that was told, in order."""
    then = Person(person.name, person.joined, {}, person.versions)
    shadows: dict[Deed, Shadow] = {}
    ladder.enter(then, world.terms(person.joined), person.joined)
    for one in sorted(person.past.told, key=lambda each: each.place):
        if before is not None and one.place > before:
            return then
        deed = one.deed
        plans.comes_over(then, world.terms(one.at), min(one.at, world.now))
        if one.back:
            ladder.review(then, world.terms(one.at), min(one.at, world.now))
            shadows[deed].credit = left_of(deed.terms, shadows[deed].credit - one.credit)
            shadows[deed].clubs = _taken(shadows[deed], one)
            ladder.revoke(then, shadows[deed], one.at)  # type: ignore[arg-type]
            continue
        ladder.review(then, deed.terms, min(one.at, world.now))
        known = one.credit
        if deed.terms.tiers is not None and deed.terms.tiers.measure == "status":
            known = Credit(0, known.second)
        sees = clubs.seen(then, deed, min(one.at, world.now), one.clubs)
        look(one, step_seen(then, deed.terms, deed.day, known), sees)
        shadow = shadows[deed] = Shadow(deed.terms, deed.at, deed.day, one.credit, one.clubs)
        then.deeds.append(shadow)  # type: ignore[arg-type]
        if shadow.credit:
            ladder.climb(then, shadow)  # type: ignore[arg-type]
    return then


def _taken(shadow: Shadow, one: Told) -> dict[str, Counted]:
    """What is left of a deed's credit for further ladders after some of it came back."""
    left, day = dict(shadow.clubs), shadow.terms.day(one.at)
    for view in clubs.views(shadow.terms).values():
        for name in filter(None, (view.credit_name(), view.other_name())):
            took = min(one.clubs[name].units, left[name].units)
            left[name] = clubs.less(view, left[name], took, day)
    return left


def _less(had: dict[str, Counted], went: dict[str, Counted]) -> dict[str, Counted]:
    return {
        name: one._replace(units=max(one.units - went[name].units, 0)) for name, one in had.items()
    }


def steps_then(
    world: World, person: Person, deed: Deed, number: int, credit: Credit
) -> tuple[int, frozenset[str]]:
    """The steps somebody stood on when a late deed happened."""
    then = told_again(world, person, lambda *_: None, (deed.at, False, number))
    ladder.review(then, deed.terms, min(deed.at, world.now))
    sees = clubs.seen(then, deed, min(deed.at, world.now))
    return step_seen(then, deed.terms, deed.day, credit), sees


def restate(world: World, person: Person, since: Told) -> None:
    """Judge anew what came after something late; put the tier where it belongs."""
    lapse(person, world.now)

    def look(one: Told, step: int, sees: frozenset[str]) -> None:
        if one.place > since.place and (step, sees) != (one.deed.tier, one.deed.further):
            again(world, person, one.deed, (step, sees))

    then = told_again(world, person, look)
    ladder.review(then, world.terms(world.now), world.now)
    stands = then.tier, then.since, then.until
    if (person.tier, person.since, person.until) != stands:
        moved(person, then.since or world.now, then.tier, anew=True)
    person.tier, person.since, person.until = stands
    person.came_over = then.came_over or person.came_over


def looked_at(world: World, person: Person, at: datetime) -> None:
    """What was due to be looked at before something comes back is looked at as it stood then; what
    is over by now is gone."""
    if not is_late(world, person, at):
        ladder.review(person, world.terms(at), min(at, world.now))
    lapse(person, world.now)


def came_back(world: World, deed: Deed, at: datetime, number: int) -> None:
    """Some of a deed came back: the tier follows, also for what came after it."""
    person = world.who(deed.who)
    belated = is_late(world, person, at)
    deed.stages.append(list(deed.back))
    had, before = Credit(), dict[str, Counted]()
    for one in person.past.told:
        if one.deed is deed:
            had = had - one.credit if one.back else had + one.credit
            before = _less(before, one.clubs) if one.back else one.clubs
    went = (had - deed.credit).at_least_none()
    left = _less(before, deed.clubs)
    told = person.past.add(Told(max(at, deed.at), True, number, deed, went, left), at)
    if belated:
        restate(world, person, told)
    else:
        ladder.revoke(person, deed, at)


def again(world: World, person: Person, deed: Deed, sees: tuple[int, frozenset[str]]) -> None:
    """A deed is decided once more, as it is seen now and by the tables that rate it now."""
    terms, everyone = deed.terms, list(world.people.values())
    deed.room = _room(person, deed, everyone)
    deed.tier, deed.further = sees
    stages = _at_each_stage(deed)
    given = list(deed.given)
    change: dict[str, tuple[Fraction, int]] = {}
    for wallet in terms.program.wallets:
        gave = deed.units.get(wallet, 0)
        now_left = budgets_left(terms, (person, everyone), wallet, deed.day)
        free = [
            (min(then, drawn(deed, wallet) + now), rejects)
            for (then, rejects), (now, _) in zip(deed.free[wallet], now_left, strict=True)
        ]
        deed.free[wallet] = free
        total, may, per_rule = _less_and_less(deed, wallet, stages, free)
        if terms.keeps(wallet) != "no":
            stood = deed.exact.get(wallet, Fraction(0))
            if total == stood:
                continue
            rest = person.remainder(terms, wallet, deed.day) + total - stood
            due = gave + rounded(rest, terms.program.wallets[wallet].rounding)
            may = allowed(due, free)
            total = Fraction(may) if may < due else total
        for place, points in per_rule.items():
            given[place] = points
        change[wallet] = (total, may)
    _book(world, person, deed, change)
    deed.given = given
    world.judged_again += 1


def _at_each_stage(deed: Deed) -> list[list[Fraction]]:
    """What the rules give for the whole basket, and for what each return left of it."""
    now, found = deed.back, []
    for back in ([0] * len(deed.bought), *deed.stages):
        deed.back = list(back)
        found.append(exactly(deed))
    deed.back = now
    return found


def _less_and_less(
    deed: Deed, wallet: str, stages: list[list[Fraction]], free: list[tuple[int, bool]]
) -> tuple[Fraction, int, dict[int, int]]:
    """Exactly and in points, in all and per rule: of the basket, and less by each return."""
    terms, own = deed.terms, own_rules(deed.terms, wallet)
    total, may, per_rule = Fraction(-1), -1, dict.fromkeys(own, 0)
    for exact in stages:
        settled = terms.judge.settle(wallet, exact)
        now, points = (
            sum((exact[place] for place in own), Fraction(0)),
            allowed(settled.units, free),
        )
        if total < 0:
            left = points
            for place in own:
                per_rule[place] = settled.per_rule[place]
                if points < settled.units:
                    per_rule[place] = min(per_rule[place], left)
                    left -= per_rule[place]
        elif now < total if terms.keeps(wallet) != "no" else points < may:
            per_rule = {place: min(n, settled.per_rule[place]) for place, n in per_rule.items()}
        else:
            continue
        total, may = now, points
    return total, may, per_rule


def _room(person: Person, deed: Deed, everyone: Sequence[Person]) -> tuple[int, ...]:
    """What limits left then, and no more than what is left now beside what it has."""
    terms = deed.terms
    left = person.room(terms, deed, everyone)
    room = []
    for then, now, (rule, limit) in zip(deed.room, left, terms.limits, strict=True):
        has = deed.given[terms.program.rules.index(rule)]
        if limit_name(rule, limit)[2] in ("times", "rests"):
            has = min(has, 1)
        room.append(then if getattr(limit, "per", "") == "activity" else min(then, has + now))
    return tuple(room)


def _book(
    world: World, person: Person, deed: Deed, change: dict[str, tuple[Fraction, int]]
) -> None:
    terms = deed.terms
    tiers = terms.tiers
    for wallet, (total, units) in change.items():
        more = units - deed.units.get(wallet, 0)
        if more > 0:
            world.credit_points(person, terms, (wallet, more), deed.at, deed)
            person.earned[wallet] = person.earned.get(wallet, 0) + more
            quiet.acts(person, terms, {"earning"}, {wallet}, deed.at)
        elif more < 0:
            claw_back(person, deed, wallet, -more)
        deed.exact[wallet], deed.units[wallet] = total, units
        if tiers is not None and tiers.measure == "status" and wallet == tiers.wallet:
            by = left_of(terms, deed.credit + Credit(more)) - deed.credit
            deed.credit += by
            for one in person.past.told:
                if one.deed is deed and not one.back:
                    one.credit += by
