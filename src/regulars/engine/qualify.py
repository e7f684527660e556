"""Which part of a purchase counts for points: worked out once, when it happens, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct
from msgspec.structs import replace

from regulars.engine.facts import FactLine, Facts
from regulars.records.program.types import Qualifying


class SoldLine(Protocol):
    """One line of a basket: what all its pieces cost before discounts, tax contained."""

    @property
    def sku(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def amount_minor(self) -> int: ...
    @property
    def discount_minor(self) -> int: ...
    @property
    def tax_minor(self) -> int: ...


class Paid(Protocol):
    """One way the purchase was paid."""

    @property
    def kind(self) -> str: ...
    @property
    def amount_minor(self) -> int: ...


class Sold(Protocol):
    """What was sold and how it was paid, as a till sends it."""

    @property
    def lines(self) -> Sequence[SoldLine]: ...
    @property
    def order_discount_minor(self) -> int: ...
    @property
    def shipping_minor(self) -> int: ...
    @property
    def tips_minor(self) -> int: ...
    @property
    def payments(self) -> Sequence[Paid]: ...


class Whole(NamedTuple):
    """A purchase of which only the sum is known, as one line of one piece."""

    amount_minor: int
    sku: str = ""
    category: str = ""
    quantity: int = 1
    discount_minor: int = 0
    tax_minor: int = 0


class Qualified(Struct, frozen=True):
    """What counts, per definition in file order: of each line, and of shipping and tips."""

    lines: tuple[tuple[int, ...], ...]
    extras: tuple[int, ...]


def qualify(
    definitions: Sequence[Qualifying], sold: Sold, amount_minor: int | None = None
) -> Qualified:
    """What of a purchase counts, by each definition (semantics C1).

    Shape: without lines, `amount_minor` is one line of one piece without category.
    Keeps: nothing is ever below 0. A discount of the order is spread in proportion by largest
    remainder: over all lines (`pro_rata`, lines that do not count absorb their share) or over
    those that count (`full`). What was paid with points is taken off what counts, unless the
    definition lets it count (`points_paid: in`); stored value is payment.
    """
    lines: Sequence[SoldLine] = sold.lines or (
        () if amount_minor is None else (Whole(amount_minor),)
    )
    in_points = 0
    if sold.payments:
        in_points = sum(paid.amount_minor for paid in sold.payments if paid.kind == "points")
    columns = [_one(definition, sold, lines, in_points) for definition in definitions]
    if not columns:
        return Qualified(((),) * len(lines), ())
    *by_line, extras = zip(*columns, strict=True)
    return Qualified(tuple(by_line), extras)


def remaining(amounts: Sequence[int], quantity: int, returned: int) -> tuple[int, ...]:
    """What of a line still counts when so many of its pieces came back.

    Example: 2 of 3 pieces for 10.00 came back: 3.33 is left, and after the third nothing.
    """
    assert 0 <= returned <= quantity, (quantity, returned)
    return tuple(amount * (quantity - returned) // quantity for amount in amounts)


def after_returns(facts: Facts, returned: Sequence[int]) -> Facts:
    """The frozen facts of a purchase without what came back; the rules are run on the rest.

    Shape: `returned` has the pieces that came back of each line, in all returns so far.
    Keeps: shipping and tips count until the last piece is back, then nothing is left at all. A
    piece that was free is the last of its line to come back.
    """
    lines = tuple(
        _less(line, back) if back else line
        for line, back in zip(facts.lines, returned, strict=True)
    )
    left = any(line.quantity for line in lines)
    extras = facts.extras if left else (0,) * len(facts.extras)
    return replace(facts, lines=lines, extras=extras)


def _less(line: FactLine, back: int) -> FactLine:
    """A line without so many pieces: those that were paid for come back first."""
    left, paid = line.quantity - back, line.counted
    if not line.free:
        amounts = remaining(line.amounts, line.quantity, back)
    elif paid:
        amounts = remaining(line.amounts, paid, min(back, paid))
    else:
        amounts = line.amounts if left else (0,) * len(line.amounts)
    return line._replace(quantity=left, amounts=amounts, free=min(line.free, left))


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Split an amount in proportion to weights by largest remainder; earlier ones win ties.

    Keeps: the parts add up to the total, and none is above its weight when the total is not
    above their sum. Without any weight nobody gets anything.
    """
    whole = sum(weights)
    if whole == 0 or total == 0:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    rests = [total * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=rests.__getitem__, reverse=True)
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def _one(
    definition: Qualifying, sold: Sold, lines: Sequence[SoldLine], in_points: int
) -> list[int]:
    """What counts of each line, and last of shipping and tips, by one definition."""
    net = [max(line.amount_minor - line.discount_minor, 0) for line in lines]
    chooses = definition.only_categories or definition.except_categories
    chooses = chooses or definition.except_skus or definition.only_skus
    if not (chooses or sold.order_discount_minor or definition.tax != "in"):
        amounts = net  # the common case, at a third of the cost
    else:
        counts = _counted(definition, lines)
        amounts = _less_discount_and_tax(definition, sold, (lines, net, counts))
    extras = sold.shipping_minor if definition.shipping == "in" else 0
    extras += sold.tips_minor if definition.tips == "in" else 0
    amounts.append(max(extras, 0))
    if in_points == 0 or definition.points_paid == "in":
        return amounts
    paid = spread(min(in_points, sum(amounts)), amounts)
    return [amount - part for amount, part in zip(amounts, paid, strict=True)]


def _less_discount_and_tax(
    definition: Qualifying,
    sold: Sold,
    sheet: tuple[Sequence[SoldLine], Sequence[int], Sequence[bool]],
) -> list[int]:
    """What counts of each line once its part of the order's discount, and its tax, are off."""
    lines, net, counts = sheet
    return [
        max(amount - off - (line.tax_minor if definition.tax == "out" else 0), 0) * good
        for amount, off, line, good in zip(
            net, _discounts(definition, sold, net, counts), lines, counts, strict=True
        )
    ]


def _counted(definition: Qualifying, lines: Sequence[SoldLine]) -> list[bool]:
    """Which lines count. Sets, so that a thousand lines against thousands of names stay quick."""
    only, without = frozenset(definition.only_categories), frozenset(definition.except_categories)
    wanted, goods = frozenset(definition.only_skus), frozenset(definition.except_skus)
    return [
        (not (only or wanted) or line.category in only or line.sku in wanted)
        and line.category not in without
        and line.sku not in goods
        for line in lines
    ]


def _discounts(
    definition: Qualifying, sold: Sold, net: Sequence[int], counts: Sequence[bool]
) -> list[int]:
    """How much of the order's discount falls on each line."""
    if definition.order_discounts == "none" or sold.order_discount_minor == 0:
        return [0] * len(net)
    full = definition.order_discounts == "full"
    weights = [amount if good or not full else 0 for amount, good in zip(net, counts, strict=True)]
    return spread(min(sold.order_discount_minor, sum(weights)), weights)
