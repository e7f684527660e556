"""Two guards of an experiment: are the groups as large as planned, and may one look early?

Symbols: of groups with o members where e were planned, chi-squared is the sum of (o - e)^2 / e,
with one degree of freedom less than groups.
Assumptions: members came into their groups one by one by chance, with the parts as planned; what
is looked at has a spread that ends, and there are enough members for means to be near normal.
Source: Fabijan et al. (2019) for sample-ratio mismatch; Waudby-Smith, Arbour, Sinha, Kennedy &
Ramdas (2024), "Time-uniform central limit theory", for intervals that hold at every look.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt
from typing import Final

from msgspec import Struct
from scipy.stats import chi2

from regulars.insight.estimators.asking.shares import SURE_95
from regulars.insight.estimators.comparing.effects import Effect
from regulars.insight.estimators.comparing.sums import errors_at_every_look
from regulars.insight.estimators.saying import NotEnough

ALARM: Final = 0.001
"""A mismatch as large as this by chance once in a thousand: no result of it is shown."""
FEWEST_LOOKED_AT: Final = 100


class Mismatch(Struct, frozen=True):
    """Whether the groups came out as they were planned; `p` by chi-squared."""

    p: float
    alarm: bool


def sample_ratio(counts: Sequence[int], planned: Sequence[int]) -> Mismatch | NotEnough:
    """Groups of these sizes where `planned` are their parts (1 and 9 for a tenth held out).

    Refuses with fewer than five expected in a group.
    """
    assert len(counts) == len(planned) > 1, "a planned part for each group"
    whole, parts = sum(counts), sum(planned)
    assert parts > 0, "something was planned"
    expected = [whole * part / parts for part in planned]
    if min(expected) < 5:
        return NotEnough("groups", min(expected), 5)
    off = sum((have - want) ** 2 / want for have, want in zip(counts, expected, strict=True))
    p = float(chi2.sf(off, len(counts) - 1))
    return Mismatch(p, p < ALARM)


def at_every_look(
    found: Effect, first_look: int = 1_000, level: float = 0.05
) -> Effect | NotEnough:
    """The same effect with an interval that holds however often and whenever one looks.

    It is tightest around `first_look` members. Example: an interval that may be looked at daily is
    about half as wide again; whoever stops at the first "significant" day with the plain one is
    wrong far more often than once in twenty. `p` holds at every look, too: it is below 0.05 where
    the interval leaves nothing out, and seldom so small as that of one look. `level` is smaller
    where several are looked at together, so that any of them is wrong as seldom (Bonferroni); `p`
    is that of all of them.
    """
    many = found.test + found.held_out
    if many < FEWEST_LOOKED_AT:
        return NotEnough("members", many, FEWEST_LOOKED_AT)  # of both groups together
    error = (found.high - found.low) / (2 * SURE_95)
    tight = (-2 * log(level) + log(-2 * log(level) + 1)) / first_look
    grown = many * tight + 1
    width = errors_at_every_look(many, first_look, level) * error
    # The level at which the bound would just reach the value.
    far = abs(found.value) / error if error else 0.0
    p = sqrt(grown) * exp(-(far**2) * many * tight / (2 * grown)) if error else found.p
    p = min(1.0, p * 0.05 / level)
    low, high = found.value - width, found.value + width
    return Effect(found.value, low, high, p, found.test, found.held_out, found.spared)
