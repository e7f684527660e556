"""Which model of buying a shop may use: the one that foretold its own past best, or none.

At several days in the past (rolling origins) each model is fitted on what was known then, and asked
for what came after; what it was off by stands beside every forecast. A model that cannot be fitted
at one of these days is out, since it may fail tomorrow, too.
Symbols: at each day of the past, `off` is how far expected orders are from those that came, over
those that came. Assumptions: the days ahead are no other than those that were tried.
Source: evaluation on a rolling origin (Tashman 2000).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from regulars.insight.estimators.buying.bg_nbd import fit_bg_nbd, fit_mbg_nbd
from regulars.insight.estimators.buying.histories import Floats, Histories, Whole
from regulars.insight.estimators.buying.nbd import fit_nbd
from regulars.insight.estimators.buying.pareto_nbd import fit_pareto_nbd
from regulars.insight.estimators.buying.season import Season, index_of, seasoned
from regulars.insight.estimators.saying import NotEnough

Model = Literal["BG/NBD", "MBG/NBD", "Pareto/NBD", "NBD"]
FEWEST_ORIGINS: Final = 4
_FIRST_SHARE: Final = 0.4
"""The first origin lies after this share of the history that can be judged."""
MOST: Final = 100_000
"""Members a model is learned from and tried on, evenly spread over all: what chance adds is less
than a hundredth then, and a million of them cost ten times as long."""
_PLAIN: Final = 0.02
"""The plainest is taken of those that are at most so much further off than the best."""


class Buying(Protocol):
    """What every fitted model of buying can say."""

    def expected(self, given: Histories, ahead: float) -> Floats:
        """Orders in the next `ahead` for each row."""
        ...

    def expected_anew(self, until: float) -> float:
        """Repeated orders of a member nobody knows yet."""
        ...


class Tried(Struct, frozen=True):
    """How far off a model was at each origin: `orders` of all members together as a share of
    what came (0.1: a tenth too many), `apart` the mean distance of one member."""

    model: Model
    orders: list[float]
    apart: list[float]

    @property
    def off(self) -> float:
        """The mean of how far off it was, either way."""
        return float(np.abs(self.orders).mean())


class Chosen(Struct, frozen=True):
    """The model to use, fitted on everything, and how all of them did; the best comes first."""

    name: Model
    model: Buying
    tried: list[Tried]
    origins: list[float]
    season: Season = Season()
    """Whether orders ahead go by the season, and how far off they were with it."""


FITS: dict[Model, Callable[[Histories], Buying | NotEnough]] = {
    "NBD": fit_nbd,
    "BG/NBD": fit_bg_nbd,
    "MBG/NBD": fit_mbg_nbd,
    "Pareto/NBD": fit_pareto_nbd,
}
"""The plainest first."""


def seen_at(member: ArrayLike, day: ArrayLike, origin: float) -> tuple[Whole, Histories]:
    """What was known at the end of day `origin`: the members, and a row for each of them.

    Order: of the members' numbers. `day` is a whole day of an order; two of one day are one.
    """
    who, when = in_order(member, day)
    before = when <= origin
    who, when = who[before], when[before]
    start = _starts(who)
    members, many = who[start], np.diff(np.append(start, len(who)))
    first, last = when[start], when[start + many - 1]
    age = origin - first.astype(np.float64)
    ones = np.ones(len(members))
    return members, Histories(many - 1, (last - first).astype(np.float64), age, ones)


def in_order(member: ArrayLike, day: ArrayLike) -> tuple[Whole, Whole]:
    """Each day of each member once, by member and day; rows that are so already are left as they
    are, since sorting fifty million takes longer than all else."""
    who, when = np.asarray(member, dtype=np.int64), np.asarray(day, dtype=np.int64)
    if not _later(who, when).all():
        order = np.lexsort((when, who))
        who, when = who[order], when[order]
        once = np.append(True, _later(who, when))[: len(who)]
        who, when = who[once], when[once]
    return who, when


def some_of(who: Whole, when: Whole, most: int = MOST) -> tuple[Whole, Whole]:
    """The rows of at most so many members, evenly spread over all of them; rows are in order."""
    inside = rows_of_some(who, most)
    return (who, when) if inside is None else (who[inside], when[inside])


def rows_of_some(who: Whole, most: int = MOST) -> NDArray[np.bool_] | None:
    """Which rows these are; None where they are all, and nothing need be copied."""
    start = _starts(who)
    if len(start) <= most:
        return None
    kept = np.zeros(len(start), dtype=np.bool_)
    kept[np.arange(most) * len(start) // most] = True
    return kept[place_of(who)]


def place_of(who: Whole) -> Whole:
    """Of each row, in order of members, the how manieth member it is of."""
    return np.cumsum(np.append(True, who[1:] != who[:-1])[: len(who)]) - 1


def _later(who: Whole, when: Whole) -> NDArray[np.bool_]:
    """Of each row but the first, whether it is of a later member, or of a later day."""
    return (who[1:] > who[:-1]) | ((who[1:] == who[:-1]) & (when[1:] > when[:-1]))


def _starts(who: Whole) -> Whole:
    """Where each member begins."""
    return np.flatnonzero(np.append(True, who[1:] != who[:-1])[: len(who)])


def choose(
    member: ArrayLike, day: ArrayLike, today: int, ahead: int, origins: int = FEWEST_ORIGINS
) -> Chosen | NotEnough:
    """The model that foretold orders of the next `ahead` days best, at `origins` days of the past.

    Refuses with less history than that takes, and where no model can be fitted at all of them.
    Keeps: of more than `MOST` members it is learned from, and tried on, so many of them.
    """
    assert origins >= FEWEST_ORIGINS, origins
    who, when = some_of(*in_order(member, day), MOST)
    begun = int(when.min(initial=today))
    judged = today - ahead - begun
    if judged < ahead:
        return NotEnough("history", today - begun, 2 * ahead)
    days = np.linspace(begun + _FIRST_SHARE * judged, today - ahead, origins).astype(np.int64)
    known = [_known(who, when, int(origin), ahead) for origin in days]
    tried = [_tried(name, known, ahead) for name in FITS]
    able = [one for one in tried if not isinstance(one, NotEnough)]
    _, everybody = seen_at(who, when, today)
    for one in _best_first(able):
        model = FITS[one.model](everybody)
        if not isinstance(model, NotEnough):
            season = _season(np.sort(when), days.tolist(), one, (today, ahead))
            at = [float(day) for day in days]
            return Chosen(one.model, model, _best_first(able), at, season)
    lacking = next((one for one in tried if isinstance(one, NotEnough)), None)
    return lacking or NotEnough("boundary", 0, 1)


def _season(when: Whole, origins: Sequence[int], one: Tried, stretch: tuple[int, int]) -> Season:
    """What the season adds to a model: tried at the same origins."""
    today, ahead = stretch
    indices = [index_of(when, int(origin), ahead) for origin in origins]
    return seasoned(one.orders, indices, index_of(when, today, ahead))


def _best_first(tried: Sequence[Tried]) -> list[Tried]:
    """Those as good as the best, the plainest first; after them the others by how far off."""
    enough = min((one.off for one in tried), default=0.0) + _PLAIN
    able = [one for one in tried if one.off <= enough]
    others = [one for one in tried if one.off > enough]
    able.sort(key=lambda one: list(FITS).index(one.model))
    return able + sorted(others, key=lambda one: one.off)


class _Origin(Struct, frozen=True):
    """What was known on a day, and how many orders of each member came since."""

    known: Histories
    came: Whole


def _known(who: Whole, when: Whole, origin: int, ahead: int) -> _Origin:
    members, known = seen_at(who, when, float(origin))
    since = who[(when > origin) & (when <= origin + ahead)]
    since = since[np.isin(since, members)]
    came = np.bincount(np.searchsorted(members, since), minlength=len(members))
    return _Origin(known, came)


def _tried(name: Model, origins: Sequence[_Origin], ahead: int) -> Tried | NotEnough:
    orders, apart = [], []
    for one in origins:
        known, came = one.known, one.came
        model = FITS[name](known)
        if isinstance(model, NotEnough):
            return model
        expected = model.expected(known, float(ahead))
        if came.sum() == 0 or not np.isfinite(expected).all():
            return NotEnough("repeat_orders", float(came.sum()), 1)
        orders.append(float(expected.sum() / came.sum() - 1))
        apart.append(float(np.abs(expected - came).mean()))
    return Tried(name, orders, apart)
