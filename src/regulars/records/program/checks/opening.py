"""Benefits and plans: what they name exists, and what they ask for can be had."""

from __future__ import annotations

from collections.abc import Iterator

from regulars.base.money import decimals
from regulars.records.program.checks.bounds import fits, period
from regulars.records.program.checks.walk import twice
from regulars.records.program.parts.benefits import Appointments, BenefitPoints, TermPoints
from regulars.records.program.parts.measuring import steps_of
from regulars.records.program.problems import Finding, Path, closest, shown, worded
from regulars.records.program.types import Benefit, Plan, Program


def opening(program: Program) -> Iterator[Finding]:
    """Benefits for tiers that are not there, at times that never come, with nothing to choose;
    plans that give what cannot be counted."""
    yield from _plans(program)
    yield from twice(("benefits",), [benefit.id for benefit in program.benefits])
    for place, benefit in enumerate(program.benefits):
        path: Path = ("benefits", place)
        yield from _tiers(program, path, benefit)
        yield from _of_plan(program, path, benefit)
        yield from _times(path, benefit)
        yield from _gives(program, path, benefit)
        yield from _beginning(program, path, benefit)
        yield from _birthday(path, benefit)
        yield from _appointments(path, benefit)
        money = decimals(program.currency)
        yield from fits((*path, "worth"), benefit.worth, money, "currency")
        yield from fits((*path, "cost"), benefit.cost, money, "currency")


def _tiers(program: Program, path: Path, benefit: Benefit) -> Iterator[Finding]:
    steps = steps_of(program)
    named = [((*path, "head_start", tier), tier) for tier in benefit.head_start]
    if benefit.tier is not None:
        named.append(((*path, "tier"), benefit.tier))
    for where, tier in named:
        if tier not in steps:
            yield Finding(where, f"there is no tier {shown(tier)}", closest(tier, steps))
    if benefit.by == "grant" and benefit.tier is not None:
        says = "who was granted it may use it, whatever their tier"
        yield Finding((*path, "tier"), says, "remove it, or write `by: tier`")


def _times(path: Path, benefit: Benefit) -> Iterator[Finding]:
    yield from period(path, benefit.from_on, benefit.until_on)
    for number, days in enumerate(benefit.blackout):
        yield from period((*path, "blackout", number), days.from_on, days.until_on)
    if benefit.head_start and benefit.from_on is None:
        says = "nothing begins, so nobody can be ahead of it"
        yield Finding((*path, "head_start"), says, "write the day it begins as `from_on:`")


def _beginning(program: Program, path: Path, benefit: Benefit) -> Iterator[Finding]:
    """An allowance that begins with the member needs something to begin with, and an end."""
    allowance = benefit.allowance
    if allowance is None:
        return
    where: Path = (*path, "allowance")
    if allowance.per != "reached":
        if allowance.good_for is not None:
            says = f"it begins anew with each {allowance.per}, so it has no end of its own"
            yield Finding((*where, "good_for"), says, "write `per: reached`, or remove it")
        return
    if allowance.good_for is None:
        says = "nothing says when what begins with a member is over"
        yield Finding((*where, "per"), says, "add `good_for: 12 months`")
    if benefit.by == "grant" or benefit.plan is not None:
        says = "only a tier is reached; of a plan the calendar says when it begins anew"
        yield Finding((*where, "per"), says, "write another `per:`, such as year")
    steps = [] if program.tiers is None else [step.id for step in program.tiers.steps]
    if benefit.tier is not None and benefit.tier in steps_of(program) and benefit.tier not in steps:
        says = "where somebody stands on a further ladder is worked out when it is asked"
        yield Finding((*where, "per"), says, "write another `per:`, or a tier of `tiers:`")
    if benefit.choose_one is not None:
        says = "one chooses for a period of the calendar"
        yield Finding((*where, "per"), says, "write another `per:`, or remove `choose_one:`")


def _birthday(path: Path, benefit: Benefit) -> Iterator[Finding]:
    """What is bound to a birthday is somebody's by themselves, and as often as a calendar says."""
    if benefit.birthday is None:
        return
    where: Path = (*path, "birthday")
    if benefit.by == "grant":
        says = "who was granted it may use it, whenever their birthday is"
        yield Finding(where, says, "remove it, or write `by: tier`")
    if benefit.allowance is not None and benefit.allowance.per == "reached":
        says = "its time begins with the birthday, not with a tier that is reached"
        yield Finding((*path, "allowance", "per"), says, "write `per: year`, or remove `birthday:`")


def _appointments(path: Path, benefit: Benefit) -> Iterator[Finding]:
    """Appointments must be had at some time, for everybody who may come."""
    said = benefit.appointments
    if benefit.guests is not None and "guests" in benefit.needs:
        says = "who comes along is told as `guests` of a use, not as a detail"
        yield Finding((*path, "needs"), says, "remove `guests` here")
    if said is None:
        return
    where: Path = (*path, "appointments")
    for place, hours in enumerate(said.hours):
        minutes = _clock(hours.until) - _clock(hours.from_)
        if minutes < said.lasts:
            says = f"no appointment of {said.lasts} minutes fits between these hours"
            yield Finding((*where, "hours", place, "until"), says, "write a later time")
    yield from _apart((*where, "hours"), said)
    if benefit.guests is not None and benefit.guests.most >= said.places:
        says = f"{benefit.guests.most} guests and their member are more than the places"
        yield Finding((*where, "places"), says, f"write {benefit.guests.most + 1} or more")
    if benefit.gives is not None:
        says = "points would come when it is booked, whether or not anybody comes"
        yield Finding((*path, "gives"), says, "give them by a rule for an activity instead")


def _apart(where: Path, said: Appointments) -> Iterator[Finding]:
    """Hours of one day that run into each other would give one place to two at a time."""
    for place, later in enumerate(said.hours):
        begins, ends = _clock(later.from_), _clock(later.until)
        for other in said.hours[:place]:
            meets = begins < _clock(other.until) and _clock(other.from_) < ends
            if meets and set(later.on) & set(other.on):
                says = "these hours run into others of the same day, and a place would go twice"
                yield Finding((*where, place), says, "write hours that follow one another")
                break


def _clock(words: str) -> int:
    hour, minute = words.split(":")
    return int(hour) * 60 + int(minute)


def _gives(program: Program, path: Path, benefit: Benefit) -> Iterator[Finding]:
    if benefit.gives is not None:
        yield from _points(program, (*path, "gives"), benefit.gives)


def _of_plan(program: Program, path: Path, benefit: Benefit) -> Iterator[Finding]:
    if benefit.plan is None:
        return
    plans = [plan.id for plan in program.plans]
    if benefit.plan not in plans:
        says = f"there is no plan {shown(benefit.plan)}"
        yield Finding((*path, "plan"), says, closest(benefit.plan, plans))
    if benefit.by == "grant" or benefit.tier is not None:
        says = "who pays for the plan may use it, whatever their tier"
        mend = "remove it, or write a benefit for each of the two"
        yield Finding((*path, "tier" if benefit.tier else "by"), says, mend)


def _plans(program: Program) -> Iterator[Finding]:
    yield from twice(("plans",), [plan.id for plan in program.plans])
    for place, plan in enumerate(program.plans):
        path: Path = ("plans", place)
        yield from fits((*path, "fee"), plan.fee, decimals(program.currency), "currency", 0)
        yield from _given(program, (*path, "gives"), plan)
        yield from period(path, None, plan.until_on)
        if plan.meanwhile == "frozen" and plan.grace is None:
            says = "nothing is frozen, since a term that was not paid on ends at once"
            yield Finding((*path, "meanwhile"), says, "write `grace: 14 days`, or remove it")
        if not any(benefit.plan == plan.id for benefit in program.benefits) and not plan.gives:
            says = worded("who pays for this plan gets nothing")
            mend = worded("write a benefit with `plan: %(plan)s`", plan=plan.id)
            yield Finding((*path, "id"), says, mend, "warning")


def _given(program: Program, path: Path, plan: Plan) -> Iterator[Finding]:
    if plan.gives is not None:
        yield from _points(program, path, plan.gives)


def _points(program: Program, path: Path, gives: TermPoints | BenefitPoints) -> Iterator[Finding]:
    wallet = program.wallets.get(gives.wallet)
    if wallet is None:
        says = f"there is no wallet {shown(gives.wallet)}"
        yield Finding((*path, "wallet"), says, closest(gives.wallet, list(program.wallets)))
        return
    if wallet.kind == "status":
        says = "status credit is earned and not bought"
        yield Finding((*path, "wallet"), says, "name a wallet of points")
    yield from fits((*path, "points"), gives.points, wallet.scale, "wallet", 0)
