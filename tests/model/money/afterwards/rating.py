"""Tables that hold for what happened already, by hand: which table rates what, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace
from tests.model import late, wall
from tests.model.kept import Deed, Person, Terms
from tests.model.points import lapse
from tests.model.programs import written

from regulars.records.program.types import ByTable, Program

if TYPE_CHECKING:
    from tests.model.reference import World

SETTLED = timedelta(minutes=1)


def _in_order(world: World) -> list[Terms]:
    return sorted(world.versions, key=lambda one: one.since)


def _tables(program: Program) -> dict[str, ByTable]:
    return {rule.id: rule.award for rule in program.rules if isinstance(rule.award, ByTable)}


def _since(terms: Terms) -> date | None:
    """From which day on its tables hold for what happened."""
    said = terms.program.changeover.rates_from_on
    return date.fromisoformat(said) if said else None


def _kinds(terms: Terms) -> set[str]:
    return {rule.on for rule in terms.program.rules if isinstance(rule.award, ByTable)}


def rates_now(world: World, deed: Deed) -> Terms | None:
    """Its own terms with the tables of the last version that says it rates days like this one; of
    those that come after the one that decided it. Nothing where those tables are its own."""
    order = _in_order(world)
    later = order[order.index(deed.terms) + 1 :]
    for terms in reversed(later):
        first = _since(terms)
        if first is None or terms.since > world.now or first > deed.day:
            continue
        if deed.event.kind in _kinds(terms):
            return _with_tables(deed.terms, terms)
    return None


def _with_tables(terms: Terms, other: Terms) -> Terms | None:
    theirs, rules = _tables(other.program), []
    for rule in terms.program.rules:
        award, anew = rule.award, theirs.get(rule.id)
        if isinstance(award, ByTable) and anew is not None:
            award = replace(award, by=anew.by, rows=anew.rows, of=anew.of, per=anew.per)
        rules.append(replace(rule, award=award))
    if tuple(rules) == terms.program.rules:
        return None
    made = terms.cache.setdefault(("rated", other.source), None)
    if made is None:
        program = replace(terms.program, rules=tuple(rules))
        made = terms.cache["rated", other.source] = Terms(written(program), program, terms.since)
    return made


def rates_again(world: World) -> None:
    """By night, a minute after such a version began: what it rates otherwise is decided anew."""
    for terms in _in_order(world):
        first = _since(terms)
        if first is None or id(terms) in world.rated or terms.since + SETTLED > world.now:
            continue
        world.rated.add(id(terms))
        begins = wall.begins(terms.zone, first)
        for person in world.people.values():
            did = [one for one in person.deeds if one.event.kind in _kinds(terms)]
            if any(one.at >= begins for one in did):
                _rate(world, person)


def _rate(world: World, person: Person) -> None:
    lapse(person, world.now)
    due = list(_due(world, person))
    for told, rated in due:
        told.deed.rated = rated
        late.again(world, person, told.deed, (told.deed.tier, told.deed.further))
    if due and any(one.tiers or one.program.ladders for one in world.versions):
        late.restate(world, person, due[0][0])


def _due(world: World, person: Person) -> Iterator[tuple[late.Told, Terms | None]]:
    for told in sorted(person.past.told, key=lambda one: one.place):
        rated = None if told.back else rates_now(world, told.deed)
        if not told.back and rated is not told.deed.rated:
            yield told, rated
