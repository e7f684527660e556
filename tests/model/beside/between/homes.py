"""Households and companies, by hand: who lives there in which role, whose points pay for what one
of them takes, and how much some may spend in a period."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

from tests.model.beside.between.events import Houses, MovesOut
from tests.model.beside.between.given import began
from tests.model.events import Answer
from tests.model.kept import Person, Terms

if TYPE_CHECKING:
    from tests.model.reference import World


def houses(world: World, event: Houses) -> Answer:
    person, roles = world.who(event.who), world.between.roles
    said = world.terms(world.now).program.household
    assert said is not None, event
    if person.state != "active":
        return Answer({"blocked": "member_blocked"}.get(person.state, "not_registered"))
    here = person.name in world.homes
    if not here and len(world.homes) >= said.most_members:
        return Answer("household_full")
    head = next((name for name, (role, _) in roles.items() if role == "head"), None)
    if here and person.name == head and event.role != "head":
        return Answer("head_stays")
    if event.limits and (event.role != "buyer" or said.buyers is None):
        return Answer("invalid")
    if event.role == "head" and head not in (None, person.name):
        roles[str(head)] = ("member", {})
    roles[person.name] = (event.role, dict(event.limits))
    if not here:
        world.homes.append(person.name)
    return Answer("at home", (("members", len(world.homes)),))


def moves_out(world: World, event: MovesOut) -> Answer:
    person, roles = world.who(event.who), world.between.roles
    if person.name not in world.homes:
        return Answer("not_found")
    if roles[person.name][0] == "head" and len(world.homes) > 1:
        return Answer("head_stays")
    world.homes.remove(person.name)
    del roles[person.name]
    return Answer("moved out", (("members", len(world.homes)),))


def may_spend(world: World, name: str, wallet: str) -> tuple[str, int] | None:
    """In which role somebody may spend how much more in this period; nothing where all of it."""
    terms = world.terms(world.now)
    role, limits = world.between.roles.get(name, ("", {}))
    household = terms.program.household
    said = household and {"minor": household.minors, "buyer": household.buyers}.get(role)
    if not said:
        return None
    most = {name: terms.units(name, n) for name, n in said.points.items()} | limits
    since = began(terms, said.per, world.now)
    mine = [
        taken
        for taken in world.taken.values()
        if (taken.spender or taken.who) == name and taken.opened >= since
        and (taken.state == "captured" or (taken.state == "held" and taken.lapses > world.now))
    ]  # fmt: skip
    spent = sum(
        taken.captured.get(wallet, 0) if taken.state == "captured" else taken.price.get(wallet, 0)
        for taken in mine
    )
    return role, most.get(wallet, 0) - spent


def shares(world: World, terms: Terms, everybody: list[Person], wanted: tuple[str, int]) -> Any:
    """How much of a price comes from whom, where not what ends soonest pays; nothing where it
    does. The one who takes comes first in `everybody`."""
    wallet, units = wanted
    household = terms.program.household
    draws = household.draws if household is not None else "soonest"
    if draws == "soonest":
        return None
    if draws == "proportional":
        return _in_proportion(world, everybody, wallet, units)
    head = next((name for name, (role, _) in world.between.roles.items() if role == "head"), "")
    row = [(lot, person) for person in everybody for lot in person.lots if lot.wallet == wallet]
    row.sort(key=lambda one: (*one[0].order[:2], one[1] is not everybody[0], one[0].born))
    spends = terms.program.wallets[wallet].spends
    if spends != "soonest_expiring":
        row.sort(key=lambda one: one[0].earned_at, reverse=spends == "newest")
    if draws == "oldest":
        row.sort(key=lambda one: one[0].earned_at)
    else:
        row.sort(key=lambda one: one[1].name != head)
    found: dict[str, int] = {}
    for lot, person in row:
        part = min(units, lot.free)
        found[person.name] = found.get(person.name, 0) + part
        units -= part
    return found


def _in_proportion(
    world: World, everybody: list[Person], wallet: str, units: int
) -> dict[str, int]:
    """Each in proportion to what they have; what rounding left goes to the largest remainders, at
    a tie to who joined first."""
    there = {person.name: person.available(wallet) for person in everybody}
    whole = sum(there.values())
    if not units:
        return dict.fromkeys(there, 0)
    exact = {name: Fraction(units * have, whole) for name, have in there.items()}
    found = {name: floor(part) for name, part in exact.items()}
    joined = list(world.people)
    rest = sorted(exact, key=lambda name: (found[name] - exact[name], joined.index(name)))
    for name in rest[: units - sum(found.values())]:
        found[name] += 1
    return found


HOMES: dict[type, Callable[[Any, Any], Answer]] = {Houses: houses, MovesOut: moves_out}
