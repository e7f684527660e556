"""Where every member stands, in one form for reference and drivers, to be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from tests.model import wall
from tests.model.beside import stones
from tests.model.beside.by_hand import benefits
from tests.model.beside.by_hand.codes import gives_code
from tests.model.events import Picture
from tests.model.kept import Person, Terms, limit_name
from tests.model.left_alone.meanwhile.drawn import drawn_on
from tests.model.reference import World
from tests.model.shelf import stock, times_taken

from regulars.records.program.types import Cooldown

Counters = dict[tuple[str, str], Fraction]


def pictures(world: World) -> dict[str, Picture]:
    """Where every member stands by the reference."""
    known = [name for name in world.people if name not in world.hand.erased]
    return {name: _picture(world, world.who(name)) for name in known}


def shelf(world: World) -> dict[str, int]:
    """How many of each reward are left by the reference."""
    pools = {one.id for terms in world.versions for one in terms.program.rewards
             if gives_code(one, "pool")}  # fmt: skip
    return {f"codes:{one}" if one in pools else one: stock(world, one) for one in world.shelved}


def _picture(world: World, person: Person) -> Picture:
    wallets = {lot.wallet for lot in person.lots} | set(person.earned) | set(person.debt)
    balances = []
    for wallet in sorted(wallets):
        held = sum(lot.pinned for lot in person.lots if lot.wallet == wallet)
        owed, earned = person.debt.get(wallet, 0), person.earned.get(wallet, 0)
        waits = sum(lot.left for lot in person.lots if lot.wallet == wallet and lot.waits)
        balances.append((wallet, person.available(wallet), waits, held, owed, earned))
    return Picture(
        tuple(each for each in balances if any(each[1:])),
        tuple(
            sorted(
                [
                    (x.wallet, x.points, x.left, x.pinned, x.ends, x.waits, x.usable, x.cancels)
                    for x in person.lots
                    if x.left
                ],
                key=str,
            )
        ),
        person.tier,
        person.until,
        in_order(_used(world, person)),
    )


def _used(world: World, person: Person) -> Counters:
    found: Counters = {}
    for terms in world.versions:
        for rule, limit in terms.limits:
            if isinstance(limit, Cooldown):
                found |= _rested(person, limit_name(rule, limit))
                continue
            if limit.of == "everyone":
                continue  # nobody's own; regulars verify compares it with all decisions
            for at, day in _periods(person, limit.per):
                name = limit_name(rule, limit)
                found["limit:" + ":".join(name), at] = Fraction(person.used(name, day))
        found |= _drawn(person, terms)
        for wallet in terms.program.wallets:
            keeps = terms.keeps(wallet)
            for at, day in _periods(person, "day" if keeps == "day" else "ever"):
                kept = person.remainder(terms, wallet, day)
                found[f"remainder:{wallet}:{keeps}", at] = kept
        ladder = terms.credit_name()
        own = [deed.credit for deed in person.deeds if deed.terms.credit_name() == ladder]
        found[f"credit:{ladder}", ""] = Fraction(sum(one.first for one in own))
        if other := terms.other_name():
            own = [deed.credit for deed in person.deeds if deed.terms.other_name() == other]
            found[f"credit:{other}", ""] = Fraction(sum(one.second for one in own))
    found |= stones.counters(person) | benefits.counters(world, person)
    for counter in {name for deed in person.deeds for name in deed.clubs}:
        own = [deed.clubs[counter].units for deed in person.deeds if counter in deed.clubs]
        found[f"credit:{counter}", ""] = Fraction(sum(own))
        gone = [deed.clubs[counter].gone for deed in person.deeds if counter in deed.clubs]
        back = sum(units for each in gone for _, units in each)
        found[f"came-back:{counter}", ""] = Fraction(back)
    for (limit, at), units in person.given.items():
        found[limit, at] = Fraction(units)
    for taken in world.taken.values():
        if taken.counted and world.who(taken.who) is person:
            times = times_taken(world, person.name, taken.reward, taken.counted)
            per, when = taken.counted
            found[f"reward:{taken.reward}:{per}", when] = Fraction(times)
    return found


def _drawn(person: Person, terms: Terms) -> Counters:
    """What somebody used of the budgets that each member has by themselves."""
    found: Counters = {}
    for budget in terms.program.budgets:
        for at, day in _periods(person, budget.per) if budget.of == "member" else ():
            used = drawn_on(budget, budget.wallet, person, day)
            found[f"limit:budget:{budget.id}:{budget.per}:points", at] = Fraction(used)
    return found


def _rested(person: Person, name: tuple[str, ...]) -> Counters:
    """When a rule that rests gave, by day or minute."""
    found: Counters = defaultdict(Fraction)
    for deed in person.deeds:
        for place, rule in enumerate(deed.terms.program.rules):
            cools = rule.cooldown
            if cools and limit_name(rule, cools) == name and deed.given[place]:
                minute = int(deed.at.timestamp()) // 60
                period = deed.day.toordinal() if cools.days else minute
                found["cooldown:" + ":".join(name[:2]), str(period)] += 1
    return found


def _periods(person: Person, per: str) -> list[tuple[str, date]]:
    """The periods in which this member did something, with a day of each."""
    if per == "activity":
        return []
    return list({wall.label(per, deed.day): deed.day for deed in person.deeds}.items())


def counters(kept: Iterable[tuple[str, int, int]]) -> Counters:
    """Counters as the books keep them: name, number of the period, value."""
    found: Counters = defaultdict(Fraction)
    for name, period, value in kept:
        kind, *rest = name.split(":")
        if kind == "credit":
            found[name, ""] += value
        elif kind == "cooldown":
            found[name, str(period)] += value
        elif kind == "remainder":
            wallet, keeps, grid = rest
            found[f"remainder:{wallet}:{keeps}", when(keeps, period)] += Fraction(value, int(grid))
        elif kind in ("board", "draw"):
            found[name, when(rest[2] if kind == "board" else "ever", -1 - period)] += value
        elif kind.startswith("milestone") or name.startswith("limit:budget:"):
            found[name, when(rest[2], period)] += value
        else:
            found[name, when(rest[1], period)] += value
    return found


def in_order(found: Mapping[tuple[str, str], Fraction]) -> tuple[tuple[str, str, str], ...]:
    return tuple(sorted((name, when, str(n)) for (name, when), n in found.items() if n))


def when(per: str, period: int) -> str:
    """The name of the period behind its number."""
    if per in ("day", "reached"):
        return date.fromordinal(period).isoformat()
    if per == "week":
        return f"{period // 100}w{period % 100}"
    if per == "month":
        return f"{period // 100:04}-{period % 100:02}"
    return f"{period:04}" if per == "year" else ""
