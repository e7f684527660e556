"""Where what a program does is known, the hold-out finds it, and what shops compare instead does
not."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from tests.insight.estimators.known_truth import CARD, GRADIENT, Played, played

from regulars.insight.estimators.comparing.effects import Effect, effect, effect_with_before

Way = Callable[[Played], Effect]
RUNS = 500
WITHIN = 0.1
"""Of a standard error: chance alone moves the mean of so many runs by 0.045."""


def plain(shop: Played) -> Effect:
    test, held_out = shop.joined & ~shop.held_out, shop.held_out
    return _found(effect(shop.after[test], shop.after[held_out]))


def by_before(shop: Played) -> Effect:
    sides = shop.joined & ~shop.held_out, shop.held_out
    after, before = ([column[side] for side in sides] for column in (shop.after, shop.before))
    return _found(effect_with_before(*after, *before))


def members_and_others(shop: Played) -> Effect:
    """What shops show: those who are in it beside those who are not."""
    test = shop.joined & ~shop.held_out
    return _found(effect(shop.after[test], shop.after[~shop.joined]))


def buyers_only(shop: Played) -> Effect:
    """The hold-out, without those who bought nothing: two groups that chose themselves."""
    test, held_out = shop.joined & ~shop.held_out, shop.held_out
    came = shop.after > 0
    return _found(effect(shop.after[test & came], shop.after[held_out & came]))


def since_it_began(shop: Played) -> Effect:
    """After less before of the same members, as if no season were."""
    test = shop.joined & ~shop.held_out
    return _found(effect(shop.after[test] / 2, shop.before[test]))


def _found(one: object) -> Effect:
    assert isinstance(one, Effect), one
    return one


@cache
def shops(works: bool = True) -> list[Played]:
    return [played(seed, works=works) for seed in range(1_000, 1_000 + RUNS)]


def error(one: Effect) -> float:
    return (one.high - one.low) / 2 / 1.96


def bias(found: list[Effect]) -> float:
    """How far off on average, in standard errors."""
    off = [one.value - shop.truth for one, shop in zip(found, shops(), strict=True)]
    return float(np.mean(off) / np.mean([error(one) for one in found]))


@pytest.mark.parametrize("way", [plain, by_before])
def test_the_hold_out_is_right_on_average_and_as_sure_as_it_says(way: Way) -> None:
    found = [way(shop) for shop in shops()]
    assert abs(bias(found)) < WITHIN
    inside = sum(
        one.low <= shop.truth <= one.high for one, shop in zip(found, shops(), strict=True)
    )
    assert inside / RUNS >= 0.95 - 2.6 * (0.95 * 0.05 / RUNS) ** 0.5


@pytest.mark.parametrize("way", [members_and_others, buyers_only, since_it_began])
def test_what_is_compared_instead_is_wrong(way: Way) -> None:
    assert abs(bias([way(shop) for shop in shops()])) > 0.25


def test_a_program_that_does_nothing_is_told_so() -> None:
    alarms = sum(plain(shop).p < 0.05 for shop in shops(works=False))
    assert all(shop.truth == 0 for shop in shops(works=False))
    # A thousand splits within 1.4 of a hundred are in test_comparing; here members differ, too.
    assert abs(alarms / RUNS - 0.05) <= 2.6 * (0.05 * 0.95 / RUNS) ** 0.5


def test_the_same_seed_is_the_same_shop_and_the_program_does_something_in_it() -> None:
    one, again, other = played(1), played(1), played(2)
    assert (one.after == again.after).all()
    assert not (one.after == other.after).all()
    assert 0.2 < one.truth < 3
    assert 0.3 < one.joined.mean() < 0.8
    assert one.before[one.joined].mean() > 2 * one.before[~one.joined].mean()


def test_the_generators_cards_have_the_gradient_that_was_published() -> None:
    """Kivetz, Urminsky & Zheng (2006): from the first to the last stamp some 20 % of the gap. It is
    what the generator takes for granted; nothing is estimated here."""
    weekly = 0.3
    gaps = [1 / -np.expm1(-weekly * (1 + GRADIENT * at / (CARD - 1))) for at in (0, CARD - 1)]
    assert 1 - gaps[1] / gaps[0] == pytest.approx(0.20, abs=0.03)
