"""What points are worth by hand, laid down one after the other: each by the best of the terms it
was earned under, and of those that followed; and what a currency counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.model import wall
from tests.model.events import Happens, Reserves
from tests.model.kept import Lot, Person, Terms

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.records.program.types import Reward

if TYPE_CHECKING:
    from tests.model.reference import World

Price = dict[str, int]


def before(world: World, lot: Lot) -> Iterator[Terms]:
    """The terms before those in force whose worth a lot has still."""
    ruled = {one.since: one for one in sorted(world.versions, key=lambda one: one.since)
             if one.since <= world.now}  # fmt: skip
    for old, one in pairwise(ruled.values()):
        plan = one.program.changeover
        until = plan.worth_until_on
        over = until is not None and world.now >= wall.begins(one.zone, wall.day_of(until))
        if plan.worth == "keep" and lot.earned_at < one.since and not over:
            yield old


def spendable(person: Person, wallet: str) -> list[Lot]:
    """The lots of a wallet of which something is free, in the order they are spent; of a household
    all of theirs in one row."""
    mine = [lot for lot in person.lots if lot.wallet == wallet and lot.free > 0]
    mine.sort(key=lambda lot: lot.order)
    return sorted(mine, key=lambda lot: lot.earned_at) if person.oldest_first else mine


def keeps(world: World) -> bool:
    """Whether points may be worth what they were under earlier terms."""
    return any(one.program.changeover.worth == "keep" for one in world.versions)


def price_of(world: World, person: Person, reward: Reward, written: tuple[int, Price]) -> Price:
    """So many points, laid down one after the other, are the whole of a reward."""
    place, price = written
    if not keeps(world):
        return price
    return {name: _laid(world, person, reward, (place, price, name)) for name in price}


def _laid(world: World, person: Person, reward: Reward, what: tuple[int, Price, str]) -> int:
    place, price, name = what
    if not price[name]:
        return 0
    laid, paid = 0, Fraction(0)
    for lot in spendable(person, name):
        old = [_price(one, reward, (place, price, name)) for one in before(world, lot)]
        cheapest = min([price[name], *(each for each in old if each)])
        for _ in range(lot.free):
            laid, paid = laid + 1, paid + Fraction(1, cheapest)
            if paid >= 1:
                return laid
    while paid < 1:
        laid, paid = laid + 1, paid + Fraction(1, price[name])
    return laid


def _price(terms: Terms, reward: Reward, what: tuple[int, Price, str]) -> int:
    """What the same way to pay cost then; 0 where it was not there."""
    place, price, name = what
    old = terms.rewards.get(reward.id)
    if old is None:
        return 0
    ways = [old.price, *(other.price for other in old.or_)]
    if place >= len(ways) or ways[place].keys() != price.keys():
        return 0
    return terms.units(name, ways[place][name])


def each_pays(terms: Terms, currency: str) -> Fraction | None:
    """How many minor units of that currency a unit pays by these terms; None where it does not."""
    said = terms.program.paying
    if said is None or (currency and currency not in said.in_currency):
        return None
    there = said.in_currency.get(currency)
    if there is not None and there.points is not None and there.per is not None:
        per = units(there.per, decimals(currency))
        return Fraction(per, terms.units(said.wallet, there.points))
    home = Fraction(
        units(said.per, decimals(terms.program.currency)), terms.units(said.wallet, said.points)
    )
    return home / rate(terms, currency)


def pieces(world: World, person: Person, currency: str) -> list[tuple[int, Fraction]]:
    """What the points of each lot pay, one lot after the other."""
    terms = world.terms(world.now)
    said = terms.program.paying
    if said is None or each_pays(terms, currency) is None:
        return []
    return [(lot.free, lot_pays(world, lot, currency)) for lot in spendable(person, said.wallet)]


def lot_pays(world: World, lot: Lot, currency: str) -> Fraction:
    """What each point of a lot pays: by the best of the terms whose worth it has."""
    every = [world.terms(world.now), *before(world, lot)]
    return max(each for one in every if (each := each_pays(one, currency)) is not None)


def rate(terms: Terms, currency: str) -> Fraction:
    """How many of our minor units one of theirs counts."""
    if not currency:
        return Fraction(1)
    (one,) = terms.program.currencies[currency]
    home = decimals(terms.program.currency)
    counts = Fraction(str(one.counts)) * 10**home
    return counts / (one.per * 10 ** decimals(currency))


def had_in(terms: Terms, event: Reserves) -> bool:
    """Whether a reward is to be had by who pays in that currency."""
    reward = terms.rewards.get(event.reward)
    known = event.currency in terms.program.currencies
    return known and (reward is None or event.currency in reward.in_currency)


def at_home(terms: Terms, sale: Happens) -> Happens:
    """What a sale in another currency counts: all of it rounded down, and so is what paid for it.

    Its parts share that: a cent that rounding left goes to the part that lost most by it, the
    first one at a tie; a discount of the order is what is missing then, or one of shipping and tips
    too few.
    """
    each, basket = rate(terms, sale.currency), sale.basket
    in_points = int(basket.in_points * each)
    if not basket.lines:
        return sale._replace(
            amount=int((sale.amount or 0) * each), basket=basket._replace(in_points=in_points)
        )
    whole = int(basket.total * each)
    nets = [line.amount - line.discount for line in basket.lines]
    *parts, shipping, tips = _counted([*nets, basket.shipping, basket.tips], each)
    tips = min(tips, whole)
    shipping = min(shipping, whole - tips)
    lines = [
        line._replace(
            amount=net + int(line.discount * each), discount=int(line.discount * each),
            tax=min(int(line.tax * each), net),
        )
        for line, net in zip(basket.lines, parts, strict=True)
    ]  # fmt: skip
    off = sum(parts) + shipping + tips - whole
    there = basket._replace(
        lines=tuple(lines), order_discount=off, shipping=shipping, tips=tips, in_points=in_points
    )
    return sale._replace(basket=there)


def _counted(amounts: Sequence[int], each: Fraction) -> list[int]:
    exact = [amount * each for amount in amounts]
    found = [int(part) for part in exact]
    while sum(found) < int(sum(exact)):
        missing = [part - whole for part, whole in zip(exact, found, strict=True)]
        found[missing.index(max(missing))] += 1
    return found
