"""Endowed progress: a card that begins with two of ten stamps is filled oftener than one of eight.

Published: 300 cards of a car wash, half of each sort; 19 % of those with eight stamps were filled,
34 % of those with ten of which two were given (Nunes & Drèze 2006). Both take eight washes. Played
here by one sort of buyer, who leaves the less the less of the card is left; so what the two stamps
change is known, and the estimate of an experiment can be held against it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import brentq

from regulars.insight.estimators.comparing.effects import Effect, effect

WASHES: Final = 8
CARDS: Final = 150
PLAIN, ENDOWED = 0.19, 0.34
RUNS: Final = 500


def filled(leaving: float, bend: float, given: int) -> float:
    """Which share fills a card that takes eight washes, with so many stamps given.

    Before each wash `leaving` times the share of the card that is left, bent, do not come again.
    """
    left = np.arange(WASHES, 0, -1) / (WASHES + given)
    return float(np.prod(1 - leaving * left**bend))


def buyers() -> tuple[float, float]:
    """How readily buyers leave, and how much less so near the end, so that both cards come out as
    they were published."""

    def leaving(bend: float) -> float:
        return float(brentq(lambda one: filled(one, bend, 0) - PLAIN, 0, 0.999))

    bend = float(brentq(lambda one: filled(leaving(one), one, 2) - ENDOWED, 0.5, 5))
    return leaving(bend), bend


def played(chance: np.random.Generator, given: int) -> NDArray[np.float64]:
    """Of each buyer, whether they filled their card; played wash by wash."""
    leaving, bend = buyers()
    there = np.ones(CARDS, dtype=np.bool_)
    for done in range(WASHES):
        left = (WASHES - done) / (WASHES + given)
        there &= chance.random(CARDS) >= leaving * left**bend
    return there.astype(np.float64)


def found(test: NDArray[np.float64], others: NDArray[np.float64]) -> Effect:
    one = effect(test, others)
    assert isinstance(one, Effect)
    return one


def cards(filled: int) -> NDArray[np.float64]:
    return np.repeat([1.0, 0.0], [filled, CARDS - filled])


def test_the_published_cards_are_no_chance() -> None:
    one = found(cards(51), cards(28))
    assert one.value == pytest.approx(ENDOWED - PLAIN, abs=0.005)
    assert one.low > 0.05
    assert one.p < 0.005


def test_one_sort_of_buyer_fills_both_cards_as_published() -> None:
    """Who leaves hangs on what is left of the card, and more than in proportion."""
    leaving, bend = buyers()
    assert 0 < leaving < 1
    assert bend == pytest.approx(1.68, abs=0.01)
    chance = np.random.default_rng(2006)
    shares = [np.mean([played(chance, given).mean() for _ in range(RUNS)]) for given in (0, 2)]
    assert shares == pytest.approx([PLAIN, ENDOWED], abs=0.005)


def test_an_experiment_finds_what_two_stamps_change() -> None:
    """Over 500 shops its estimate is off by less than a tenth of a standard error, its interval
    holds the truth 95 times in a hundred, and where no stamps are given it finds nothing."""
    chance, truth = np.random.default_rng(8), ENDOWED - PLAIN
    runs = [found(played(chance, 2), played(chance, 0)) for _ in range(RUNS)]
    values = np.array([one.value for one in runs])
    assert abs(values.mean() - truth) < 0.1 * values.std(ddof=1)
    held = float(np.mean([one.low <= truth <= one.high for one in runs]))
    assert held == pytest.approx(0.95, abs=0.03)
    alike = [found(played(chance, 0), played(chance, 0)) for _ in range(RUNS)]
    assert np.mean([one.p < 0.05 for one in alike]) == pytest.approx(0.05, abs=0.03)


def test_where_only_washes_count_two_stamps_change_nothing() -> None:
    """The control: whoever leaves alike at every wash fills both cards alike; what is published
    cannot be had from such buyers."""
    assert filled(0.2, 0.0, 0) == filled(0.2, 0.0, 2)
