"""Memberships people pay for, by hand: what was told, what the clock does, and their points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.model import wall
from tests.model.events import Answer, Subscribes, Turns
from tests.model.kept import Person, Terms, owe
from tests.model.money import changing
from tests.model.money.fees import due, fee_of, heard_in_time
from tests.model.points import first, lapse

from regulars.records.program.types import Plan

if TYPE_CHECKING:
    from tests.model.reference import World

MONTHS = {"month": 1, "year": 12}


@dataclass(eq=False)
class Points:
    """The points of a paid term: the origin of their lot."""

    owner: str
    wallet: str
    terms: Terms
    units: int
    back: int = 0
    lapsed: dict[tuple[str, str], int] = field(default_factory=dict)
    under: set[str] = field(default_factory=set)


@dataclass
class Membership:
    """Where a membership stands."""

    owner: str
    plan: str
    state: str
    anchor: datetime
    starts: datetime
    until: datetime
    counted: int = 0
    """Whole terms since the anchor."""
    wait: datetime | None = None
    paused: datetime | None = None
    trial: bool = False
    gross: int = 0
    paid: int = 0
    points: Points | None = None
    before: Membership | None = None
    """How it stood before its last payment."""
    chosen: str = ""
    """The plan from the next term on."""
    price: int = 0
    """What the running term costs in full, as it was agreed, with what changes of plan put on."""
    returned: int = 0
    """What refunds gave back of it."""
    agreed: int = 0
    """The fee they agreed to."""
    heard: tuple[tuple[datetime, int], ...] = ()
    """Of which other fees they heard since, and when."""
    chosen_price: int = 0
    """What the plan from the next term on cost when it was chosen."""
    told: list[tuple[datetime, Membership]] = field(default_factory=list)
    """How it stood after each word about it, in the order in which they were told."""

    @property
    def ends(self) -> datetime:
        return self.wait or self.until


def pass_by(world: World, one: Membership, by: datetime | None = None) -> None:
    """What is over by now, or by another instant, is over."""
    while one.state != "ended" and one.ends <= (by or world.now):
        plan, at = _plan(world, one), one.ends
        if one.paused is not None:
            _go_on(one, at)
        elif one.state in ("trial", "active") and plan.grace is not None:
            one.state, one.wait = "past_due", wall.later(world.terms(at).zone, at, plan.grace)
        else:
            one.state, one.wait = "ended", None


def pass_all(world: World) -> None:
    for one in world.plans.values():
        pass_by(world, one)


def _go_on(one: Membership, at: datetime) -> None:
    """After a pause all the time is left that was left before it."""
    assert one.paused is not None
    stood = at - one.paused
    one.starts, one.until = one.starts + stood, one.until + stood
    one.state, one.paused, one.wait = "active", None, None
    one.anchor, one.counted = one.until, 0


def _plan(world: World, one: Membership) -> Plan:
    return next(p for p in world.terms(world.now).program.plans if p.id == one.plan)


def _next_plan(world: World, one: Membership) -> Plan:
    name = one.chosen or one.plan
    return next(p for p in world.terms(world.now).program.plans if p.id == name)


def run_at(world: World, person: Person, at: datetime) -> set[str]:
    """The plans of somebody that ran at an instant, by what is known of it by now: of each the
    last word until then, and what the clock does from there on."""
    found = set()
    for one in _of(world, person):
        until_then = [stood for told_at, stood in one.told if told_at <= at]
        if until_then:
            then = replace(until_then[-1])
            pass_by(world, then, at)
            if _usable(world.terms(at), then):
                found.add(then.plan)
    return found


def _usable(terms: Terms, one: Membership) -> bool:
    """Not while it waits for its member; while it waits for money, where its plan says so."""
    if one.state == "past_due":
        return any(p.id == one.plan and p.meanwhile == "kept" for p in terms.program.plans)
    return one.state not in ("paused", "ended")


def _write_down(world: World, one: Membership) -> None:
    one.told.append((world.now, replace(one)))


def _of(world: World, person: Person) -> list[Membership]:
    return [one for one in world.plans.values() if world.who(one.owner) is person]


def subscribes(world: World, event: Subscribes) -> Answer:
    person, terms = world.who(event.who), world.terms(world.now)
    plans = {plan.id: plan for plan in terms.program.plans}
    world.let_go(person)
    for one in _of(world, person):
        pass_by(world, one)
    plan = plans.get(event.plan)
    no = next(_no_start(world, person, plan, event), "")
    if no or plan is None:
        return Answer(no)
    one = Membership(person.name, plan.id, "trial", world.now, world.now, world.now)
    fee = one.agreed = fee_of(terms, plan)
    if event.trial:
        one.until = one.anchor = wall.later(terms.zone, world.now, str(plan.trial))
        one.trial = True
        world.trials.append((person.name, _cards(world, person)))
    else:
        paid = fee if event.amount is None else event.amount
        _begin_term(terms, plan, one, paid)
        _give(world, person, plan, one, first_term=True)
    world.plans[event.name] = one
    _write_down(world, one)
    pass_by(world, one)
    return _stands(world, one, paid=one.gross)


def _no_start(world: World, person: Person, plan: Plan | None, event: Subscribes) -> Iterator[str]:
    if person.state == "blocked":
        yield "member_blocked"
    if plan is None:
        yield "unknown_plan"
        return
    if any(one.state != "ended" for one in _of(world, person)):
        yield "has_plan"
    if event.trial and _had_trial(world, person):
        yield "trial_taken"
    if event.trial and plan.trial is None:
        yield "no_trial"
    fee = fee_of(world.terms(world.now), plan)
    if not event.trial and event.amount not in (None, fee) and not event.agreed:
        yield "other_amount"


def _cards(world: World, person: Person) -> set[str]:
    return {name for name in world.people if name[0] == "c" and world.who(name) is person}


def _had_trial(world: World, person: Person) -> bool:
    """Whoever is one with them counts, and whoever has a card of one who had it."""
    return any(
        world.who(owner) is person or cards & _cards(world, person) for owner, cards in world.trials
    )


def _begin_term(terms: Terms, plan: Plan, one: Membership, paid: int) -> None:
    one.state, one.wait, one.trial = "active", None, False
    one.counted += 1
    one.starts = one.until
    one.until = wall.later(terms.zone, one.anchor, f"{one.counted * MONTHS[plan.term]} months")
    one.gross = one.paid = one.price = paid
    one.points, one.returned, one.chosen = None, 0, ""


def _give(world: World, person: Person, plan: Plan, one: Membership, *, first_term: bool) -> None:
    said, terms = plan.gives, world.terms(world.now)
    if said is None or (first_term and said.on == "renewals"):
        return
    amount = terms.units(said.wallet, said.points)
    one.points = Points(person.name, said.wallet, terms, amount)
    world.term_points.append(one.points)
    lapse(person, world.now)
    world.credit_points(person, terms, (said.wallet, amount), world.now, one.points)


def turns(world: World, event: Turns) -> Answer:
    one = world.plans[event.name]
    person = world.who(one.owner)
    world.let_go(person)
    for each in _of(world, person):
        pass_by(world, each)
    no = next(_no_turn(world, one, event), "")
    if no:
        return Answer(no)
    terms, plan, paid = world.terms(world.now), _next_plan(world, one), 0
    if event.what == "paid":
        price = due(world, one)
        paid = price if event.amount is None else event.amount
        one.before, was = replace(one), one.trial
        if one.chosen or heard_in_time(world, one, plan):
            one.heard = ()
        one.agreed = price
        if was or one.chosen:
            one.anchor, one.counted, one.plan = one.until, 0, plan.id
        _begin_term(terms, plan, one, paid)
        _give(world, person, plan, one, first_term=was)
    elif event.what == "refunded":
        paid = -(one.paid if event.amount is None else event.amount)
        _refund(world, person, one, -paid)
    elif event.what == "cancelled":
        at_once = event.at_once or one.state == "past_due"
        if one.paused is not None and not at_once:
            _go_on(one, world.now)
        one.state, one.wait, one.paused = "ended" if at_once else "cancelled", None, None
        one.chosen, one.heard = "", () if at_once else one.heard
    elif event.what == "paused":
        one.state, one.paused = "paused", world.now
        one.wait = wall.later(terms.zone, world.now, str(_plan(world, one).pause))
    elif event.what == "resumed" and one.state == "cancelled":
        one.state = "trial" if one.trial else "active"
    elif event.what == "resumed":
        _go_on(one, world.now)
    elif event.what == "changed":
        paid = _changes(world, person, one, event)
    _write_down(world, one)
    pass_by(world, one)
    return _stands(world, one, paid)


def _changes(world: World, person: Person, one: Membership, event: Turns) -> int:
    """Another plan from the next term on, or at once; what it costs, below nothing what it
    gives back, for which points of the term go."""
    terms, old = world.terms(world.now), _plan(world, one)
    plan = next(each for each in terms.program.plans if each.id == event.plan)
    fee, was = fee_of(terms, plan), one.agreed
    if not event.at_once:
        one.chosen, one.chosen_price = "" if plan.id == one.plan else plan.id, fee
        return 0
    costs = 0 if one.trial else changing.costs(one, (old, was), (plan, fee), world.now)
    if costs < 0:
        _take_points(world, person, one, one.paid + costs)
    one.plan, one.chosen, one.agreed, one.heard = plan.id, "", fee, ()
    if one.trial:
        return 0
    if plan.term == old.term:
        one.paid, one.price = one.paid + costs, one.price + fee - was
        return costs
    one.anchor = one.until = world.now
    one.counted = 0
    _begin_term(terms, plan, one, fee)
    return costs


def _no_turn(world: World, one: Membership, event: Turns) -> Iterator[str]:
    plan, what = _plan(world, one), event.what
    if what == "refunded":
        back = one.paid if event.amount is None else event.amount
        if not 0 < back <= one.paid:
            yield "more_than_paid"
        return
    if one.state == "ended":
        yield "membership_over"
    if what == "paid":
        if one.state in ("paused", "cancelled"):
            yield "not_running"
        if one.starts > world.now:
            yield "paid_ahead"
        if event.amount not in (None, due(world, one)) and not event.agreed:
            yield "other_amount"
    if what == "changed":
        yield from changing.no_change(world, one, event)
    if what == "cancelled" and one.state == "cancelled" and not event.at_once:
        yield "not_running"
    if what == "paused" and one.state != "active":
        yield "not_running"
    if what == "paused" and plan.pause is None:
        yield "no_pauses"
    if what == "resumed" and one.state != "cancelled" and one.paused is None:
        yield "not_running"


def _refund(world: World, person: Person, one: Membership, back: int) -> None:
    """Points go with the money, in proportion; with the last of it the membership ends, or the
    term that was paid ahead is none."""
    left = one.paid - back
    _take_points(world, person, one, left)
    one.paid, one.returned = left, one.returned + back
    if not left and one.before is not None and one.starts > world.now:
        _as_before(one, one.before)
    elif not left:
        one.state, one.wait, one.paused = "ended", None, None


def _take_points(world: World, person: Person, one: Membership, left: int) -> None:
    """Of what was paid as the term began, so much is left; its points are as many in proportion."""
    points, gross, plan = one.points, one.gross, _plan(world, one)
    if points is None or (plan.gives is not None and not plan.gives.claw_back):
        return
    wanted = max(points.units * max(gross - left, 0) // gross - points.back, 0) if gross else 0
    lapse(person, world.now)
    mine = {points.owner, person.name} | points.under
    gone = sum(n for (who, _), n in points.lapsed.items() if who in mine)
    take = max(wanted - max(gone - points.back, 0), 0)
    points.back += wanted
    for lot, part in first(person, points.terms, (points.wallet, take)):
        lot.left -= part
        person.takes += 1
        take -= part
    if take and points.terms.program.wallets[points.wallet].negative == "debt":
        owe(person, points.wallet, take)


def _as_before(one: Membership, before: Membership) -> None:
    """The term that runs goes on; a pause since it was paid stays, and moved its end. A plan that
    was chosen since comes after it."""
    moved = one.starts - before.until
    one.state = before.state if one.state == "active" else one.state
    one.starts, one.until = before.starts + moved, before.until + moved
    one.anchor, one.counted = before.anchor, before.counted
    if moved:
        one.anchor, one.counted = one.until, 0
    one.trial, one.gross, one.paid = before.trial, before.gross, before.paid
    one.points, one.price, one.returned = before.points, before.price, before.returned
    one.agreed, one.heard = before.agreed, before.heard
    chosen, price = before.chosen, before.chosen_price
    if one.chosen:
        chosen, price = one.chosen, one.chosen_price
    one.plan, one.chosen_price = before.plan, price
    one.chosen = "" if chosen == before.plan else chosen


def _stands(world: World, one: Membership, paid: int) -> Answer:
    """What was paid or given back, what is left of it, and until when it stands so."""
    asked = () if one.state == "ended" else (("due", due(world, one)),)
    told = (("left", one.paid), ("paid", paid), *asked)
    ends = one.wait.isoformat() if one.wait else ""
    balances = world.who(one.owner).balances()
    return Answer(one.state, told, (), balances, one.until.isoformat(), ends)


PLANS: dict[type, Callable[[Any, Any], Answer]] = {Subscribes: subscribes, Turns: turns}
