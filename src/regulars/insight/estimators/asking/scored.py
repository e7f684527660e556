"""What a survey comes to: over all answers, and by month, tier and store.

Symbols: as `nps` (p - d) and `shares` (k / n), for each group by itself.
Assumptions: those of `nps` and `shares`; each month, tier and store is looked at for itself, so of
twenty some lie outside their bounds by chance.
Source: NPS and its interval see `nps` (Rocks 2016); the share of the content see `shares` (Wilson
1927).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal

from msgspec import Struct

from regulars.insight.estimators.asking.nps import nps
from regulars.insight.estimators.asking.shares import satisfied
from regulars.insight.estimators.saying import NotEnough
from regulars.records.outbox.surveys.types import Counted

FEWEST_SHOWN: Final = 5
"""Of fewer answers in a part nothing is said: who gave them could be told."""


class Scored(Struct, frozen=True):
    """`value` with its 95 % bounds: NPS from -100 to 100, or the content of a hundred (4 and 5 of
    5); and how many answers it is of."""

    value: float
    low: float
    high: float
    answers: int


class ScoredSurvey(Struct, frozen=True):
    """All answers, and each part of which there are enough; parts of fewer are left out."""

    all: Scored | None
    months: Mapping[str, Scored]
    tiers: Mapping[str, Scored]
    stores: Mapping[str, Scored]
    scores: Mapping[int, int]
    """How many gave which score."""


def scored(kind: Literal["nps", "csat"], counts: Iterable[Counted]) -> ScoredSurvey:
    """What these answers come to.

    Example: 10, 9, 8 and 0 are an NPS of 25 (two promote, one detracts), not a mean of 6.75.
    """
    told = list(counts)
    scores: Counter[int] = Counter()
    for one in told:
        scores[one.score] += one.answers
    return ScoredSurvey(
        _of(kind, scores),
        _parts(kind, told, lambda one: one.month),
        _parts(kind, told, lambda one: one.tier),
        _parts(kind, told, lambda one: one.store),
        dict(sorted(scores.items())),
    )


def _parts(
    kind: Literal["nps", "csat"], counts: Iterable[Counted], name: Callable[[Counted], str]
) -> dict[str, Scored]:
    parts: dict[str, Counter[int]] = defaultdict(Counter)
    for one in counts:
        parts[name(one)][one.score] += one.answers
    found = {part: _of(kind, scores) for part, scores in sorted(parts.items()) if part}
    return {
        part: one for part, one in found.items() if one is not None and one.answers >= FEWEST_SHOWN
    }


def _of(kind: Literal["nps", "csat"], scores: Counter[int]) -> Scored | None:
    given = list(scores.elements())
    if not given:
        return None
    if kind == "csat":
        content, _ = satisfied(given, len(given))
        return Scored(100 * content.value, 100 * content.low, 100 * content.high, len(given))
    found = nps(given)
    assert not isinstance(found, NotEnough), given
    return Scored(found.value, found.low, found.high, len(given))
