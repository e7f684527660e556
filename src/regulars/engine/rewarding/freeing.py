"""Which pieces of a basket a reward makes free (ADR 0240)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from msgspec.structs import replace

from regulars.base.decimals import units
from regulars.base.faults import Refused
from regulars.base.money import decimals
from regulars.engine.terms import Version
from regulars.records.activity.types import Line, ReturnedLine
from regulars.records.program.parts.rewards import FreePieces, Reward
from regulars.records.rewards.types import FreeOf, Promised


class Goods(NamedTuple):
    """What lies on the counter, and which pieces the till names to be free."""

    lines: Sequence[Line] = ()
    named: Sequence[ReturnedLine] = ()


class _Fit(NamedTuple):
    """A line whose pieces may be free."""

    place: int
    line: Line

    @property
    def net(self) -> int:
        return self.line.amount_minor - self.line.discount_minor

    @property
    def each(self) -> Fraction:
        """What one piece comes to, exactly."""
        return Fraction(self.net, self.line.quantity)


def freed(version: Version, reward: Reward, goods: Goods) -> tuple[FreeOf, ...] | Refused:
    """The pieces of a basket that this reward makes free; none for a reward of another kind.

    Order: of pieces at one price those of the line that was told first. A line's discount comes
    first, so a piece is worth what is left of it; several pieces of a line are rounded down once.
    Refuses: `nothing_fits` when fewer pieces fit than it frees, or those named do not; `name_it`
    when the till names and has not, or names where the program says which.
    Example: one of two coffees for 7.00 and a tea for 2.00 is free: the tea, as the cheapest.
    """
    gives = reward.gives
    if not isinstance(gives, FreePieces):
        return ()
    fits = list(_fits(version, gives, goods.lines))
    there = sum(fit.line.quantity for fit in fits)
    if there < gives.pieces:
        says = "so many pieces that fit are not in the basket"
        return Refused("nothing_fits", says, {"pieces": gives.pieces, "fit": there})
    if gives.which != "named":
        if goods.named:
            facts = {"which": gives.which}
            return Refused("name_it", "the program says which piece is free", facts)
        # Sorted for good: at one price the line told first goes first.
        fits.sort(key=lambda fit: fit.each, reverse=gives.which == "dearest")
        return tuple(_first(fits, gives.pieces))
    if not goods.named and len(fits) == 1:
        return tuple(_first(fits, gives.pieces))
    return _named(fits, gives.pieces, goods.named)


def with_free(promised: Promised, free: Sequence[FreeOf], *, costs_said: bool) -> Promised:
    """What is promised, with what these pieces are worth; they cost the shop as much, unless it
    said what they cost."""
    if not free:
        return promised
    worth = sum(one.value_minor for one in free)
    cost = promised.cost_minor if costs_said else worth
    return replace(promised, worth_minor=worth, cost_minor=cost, free=tuple(free))


def _fits(version: Version, gives: FreePieces, lines: Sequence[Line]) -> Iterator[_Fit]:
    scale = decimals(version.program.currency)
    most = None if gives.up_to is None else units(gives.up_to, scale)
    anything = not (gives.categories or gives.skus)
    for place, line in enumerate(lines):
        fit = _Fit(place, line)
        meant = anything or line.category in gives.categories or line.sku in gives.skus
        if meant and fit.net > 0 and (most is None or fit.each <= most):
            yield fit


def _first(fits: Sequence[_Fit], pieces: int) -> Iterator[FreeOf]:
    left = pieces
    for fit in fits:
        part = min(left, fit.line.quantity)
        if part:
            yield _free(fit, part)
        left -= part


def _named(
    fits: Sequence[_Fit], pieces: int, named: Sequence[ReturnedLine]
) -> tuple[FreeOf, ...] | Refused:
    facts = {"pieces": pieces, "lines": [fit.place for fit in fits]}
    if sum(one.quantity for one in named) != pieces or len({one.line for one in named}) < len(
        named
    ):
        return Refused("name_it", "several pieces fit; say which are free, each line once", facts)
    by_line = {fit.place: fit for fit in fits}
    chosen = [(by_line.get(one.line), one.quantity) for one in named]
    if any(fit is None or fit.line.quantity < pieces_ for fit, pieces_ in chosen):
        return Refused("nothing_fits", "the pieces named do not fit", facts)
    return tuple(_free(fit, part) for fit, part in chosen if fit is not None)


def _free(fit: _Fit, pieces: int) -> FreeOf:
    value = fit.net * pieces // fit.line.quantity  # the one rounding: down, per line
    return FreeOf(fit.place, fit.line.sku, fit.line.category, pieces, value)
