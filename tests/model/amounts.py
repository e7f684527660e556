"""What of a basket counts, in exact fractions and by dealing out cents one at a time.

Written apart from `regulars.engine.qualify`; semantics C1.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tests.model.events import Basket, Sold

from regulars.records.program.types import Qualifying


def deal(total: int, weights: Sequence[int]) -> list[int]:
    """Share out cents in proportion; what is left goes one by one to the largest fractions."""
    if sum(weights) == 0:
        return [0 for _ in weights]
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    shares = [int(part) for part in exact]
    while sum(shares) < total:
        missing = [part - share for part, share in zip(exact, shares, strict=True)]
        shares[missing.index(max(missing))] += 1
    return shares


def counting(definition: Qualifying, basket: Basket) -> tuple[list[int], int]:
    """What counts of each line, and of shipping and tips, by one definition."""
    lines = basket.lines
    net = [line.amount - line.discount for line in lines]
    counts = [_counts(definition, line) for line in lines]
    off = [0 for _ in lines]
    if definition.order_discounts == "pro_rata":
        off = deal(min(basket.order_discount, sum(net)), net)
    elif definition.order_discounts == "full":
        kept = [amount if good else 0 for amount, good in zip(net, counts, strict=True)]
        off = deal(min(basket.order_discount, sum(kept)), kept)
    amounts = []
    for line, amount, less, good in zip(lines, net, off, counts, strict=True):
        tax = line.tax if definition.tax == "out" else 0
        amounts.append(max(amount - less - tax, 0) if good else 0)
    extras = (basket.shipping if definition.shipping == "in" else 0) + (
        basket.tips if definition.tips == "in" else 0
    )
    whole = [*amounts, extras]
    if definition.points_paid == "in" or basket.stored:
        return amounts, extras
    paid = deal(min(basket.in_points, sum(whole)), whole)
    left = [amount - part for amount, part in zip(whole, paid, strict=True)]
    return left[:-1], left[-1]


def _counts(definition: Qualifying, line: Sold) -> bool:
    chosen = line.category in definition.only_categories or line.sku in definition.only_skus
    wanted = chosen or not (definition.only_categories or definition.only_skus)
    unwanted = line.category in definition.except_categories or line.sku in definition.except_skus
    return wanted and not unwanted
