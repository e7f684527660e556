"""Pieces of a basket that a reward makes free, by hand: piece by piece, each at its own price."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from tests.model.events import Happens, Reserves, Sold

from regulars.base.decimals import units
from regulars.base.money import decimals
from regulars.records.program.parts.rewards import FreePieces, Reward

if TYPE_CHECKING:
    from tests.model.kept import Deed, Taken, Terms
    from tests.model.reference import World


class Freed(NamedTuple):
    """So many pieces of a line are free, and come to so much."""

    sku: str
    category: str
    pieces: int
    value: int


class Piece(NamedTuple):
    """One piece that may be free: what it comes to, and its line."""

    price: Fraction
    place: int


def frees(terms: Terms, reward: Reward, event: Reserves) -> tuple[str, tuple[Freed, ...]]:
    """Why nothing is free, or what is."""
    gives = reward.gives
    if not isinstance(gives, FreePieces):
        return "", ()
    there = list(_pieces(terms, gives, event.goods))
    fit = Counter(one.place for one in there)
    if gives.which == "named" and not event.named and len(fit) == 1:
        chosen = Counter({there[0].place: gives.pieces})
    elif gives.which == "named":
        chosen = Counter(dict(event.named))
    else:
        dear = gives.which == "dearest"
        there.sort(key=lambda one: (-one.price if dear else one.price, one.place))
        chosen = Counter(one.place for one in there[: gives.pieces])
    no = _no(gives, event, (fit, chosen))
    return no, () if no else _free(event.goods, chosen)


def _no(gives: FreePieces, event: Reserves, counted: tuple[Counter[int], Counter[int]]) -> str:
    fit, chosen = counted
    if fit.total() < gives.pieces:
        return "nothing_fits"
    if gives.which != "named" and event.named:
        return "name_it"
    if len(dict(event.named)) < len(event.named) or chosen.total() != gives.pieces:
        return "name_it"
    return "nothing_fits" if any(fit[at] < many for at, many in chosen.items()) else ""


def _pieces(terms: Terms, gives: FreePieces, goods: tuple[Sold, ...]) -> Iterator[Piece]:
    for place, sold in enumerate(goods):
        meant = sold.category in gives.categories or sold.sku in gives.skus
        price = Fraction(sold.amount - sold.discount, sold.quantity)
        if not price or not (meant or not (gives.categories or gives.skus)):
            continue
        if gives.up_to is None or price <= units(gives.up_to, decimals(terms.program.currency)):
            yield from [Piece(price, place)] * sold.quantity


def _free(goods: tuple[Sold, ...], counted: Counter[int]) -> tuple[Freed, ...]:
    """Several pieces of a line are rounded down once."""
    return tuple(
        Freed(
            goods[place].sku,
            goods[place].category,
            many,
            (goods[place].amount - goods[place].discount) * many // goods[place].quantity,
        )
        for place, many in counted.items()
        if many
    )


def named(event: Happens) -> list[str]:
    """The redemptions by which something of it is free."""
    return [*dict.fromkeys(line.by for line in event.basket.lines if line.by or line.free)]


def may_free(world: World, name: str, sale: Happens) -> bool:
    """All that a redemption makes free is free, nothing else, and taken off its lines; whether it
    was handed over is asked last."""
    taken = world.taken.get(name)
    if taken is None or taken.paid or sale.who not in world.people:
        return False
    if world.who(taken.who) is not world.who(sale.who) or taken.currency != sale.currency:
        return False
    told: Counter[tuple[str, str]] = Counter()
    off = 0
    for line in sale.basket.lines:
        if line.by == name:
            told[line.sku, line.category] += line.free
            off += line.discount
            if not 0 < line.free <= line.quantity:
                return False
    promised: Counter[tuple[str, str]] = Counter()
    for one in taken.frees:
        promised[one.sku, one.category] += one.pieces
    return told == promised and off >= sum(one.value for one in taken.frees)


def left_of(amount: int, sold: Sold, bought: int, back: int) -> int:
    """What of a line still counts: those that were paid for come back first."""
    paid = bought - sold.free
    if not paid:
        return amount if back < bought else 0
    return amount * (paid - min(back, paid)) // paid


def paid_for(deed: Deed) -> tuple[list[int], list[int]]:
    """Of each line the pieces that were paid for (all, where each is free), and how many of those
    came back."""
    lines = deed.event.basket.lines or (Sold(0),)
    paid = [bought - line.free or bought for line, bought in zip(lines, deed.bought, strict=True)]
    return paid, [min(back, many) for back, many in zip(deed.back, paid, strict=True)]


def pieces(deed: Deed, taken: Taken) -> tuple[int, int]:
    """How many pieces it made free, and how many of those came back: the last of each line."""
    free = came = 0
    for line, bought, back in zip(deed.event.basket.lines, deed.bought, deed.back, strict=True):
        if line.by and taken in deed.freed and _is(deed, taken, line.by):
            free += line.free
            came += max(line.free - (bought - back), 0)
    return free, came


def _is(deed: Deed, taken: Taken, name: str) -> bool:
    return deed.freed[named(deed.event).index(name)] is taken


def is_over(deed: Deed, taken: Taken) -> bool:
    """Whether nothing of it is left with its member."""
    if deed.back == deed.bought:
        return True
    free, came = pieces(deed, taken) if taken.frees else (0, 0)
    return bool(free) and free == came
