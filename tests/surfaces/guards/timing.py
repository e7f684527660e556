"""Whether an answer tells by its time what it does not tell by its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter

from tests.turns import NIGHTLY

PAIRS = 2_000 if NIGHTLY else 12
PARTS = 4
MOST_S = 0.002
TIMES = 3
"""What is slower is slower each time; what was chance is not so three times over."""
Asks = Callable[[int], Callable[[], object]]
"""Gets a turn ready, and gives back what is to be measured of it."""


def took(ask: Callable[[], object]) -> float:
    began = perf_counter()
    ask()
    return perf_counter() - began


def gap_s(pairs: Sequence[tuple[float, float]], parts: int = PARTS) -> float:
    """How much longer one of both takes, as far as every part of the pairs says so alike.

    Shape: pairs were measured one after the other, in either order by turns. Whatever else this
    machine does makes a turn longer, never shorter, so each part is compared by its shorter half's
    middle; chance would have to lean to the same side in each.
    """
    leans = []
    for part in range(parts):
        some = pairs[part::parts]
        one, other = (sorted(each)[len(some) // 4] for each in zip(*some, strict=True))
        leans.append(one - other)
    return max(0.0, min(leans), -max(leans))


def medians_apart_s(pairs: Sequence[tuple[float, float]]) -> float:
    """The difference of both medians, which is a measure only of many pairs."""
    one, other = (median(each) for each in zip(*pairs, strict=True))
    return abs(one - other)


def lasting_gap_s(known: Asks, unknown: Asks) -> float:
    """The least gap of up to three measurements: none is asked for after one that shows none."""
    least = float("inf")
    for _ in range(1 if NIGHTLY else TIMES):
        pairs = interleaved(known, unknown)
        least = min(least, medians_apart_s(pairs) if NIGHTLY else gap_s(pairs))
        if least <= MOST_S:
            break
    return least


def interleaved(known: Asks, unknown: Asks, pairs: int = PAIRS) -> list[tuple[float, float]]:
    """The time of both, turn by turn, each time in the other order."""
    found = []
    for turn in range(pairs):
        if turn % 2:
            one = took(known(turn))
            other = took(unknown(turn))
        else:
            other = took(unknown(turn))
            one = took(known(turn))
        found.append((one, other))
    return found
