"""Who will not order in the next days, learned from who did not in the shop's own past.

Members with at least two orders are looked at on several days of the past: what was known of each
then, and whether an order came within `ahead` days. A curve that only rises and may bend joins five
things (`rising`): days since the last order, and, turned round, how often, what a model of buying
expects, and the orders of the last two stretches of `ahead` days. What it says of today is judged
on the last day of the past that was kept out of it: does it rank better than recency alone, and do
shares come true? Symbols: p the chance of no order within `ahead` days.
Assumptions: the days ahead are like those of the past that it learned from.
Traps: days since the last order over the member's own mean gap rank worse than the days alone. For
how long somebody is a member goes with the calendar in a shop whose first orders were cut off, so
it is left to the model of buying.
Source: Ramsay (1988) for the curve; Naeini, Cooper & Hauskrecht (2015) for the calibration error.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from regulars.insight.estimators.buying.bg_nbd import fit_mbg_nbd
from regulars.insight.estimators.buying.choosing import MOST, Buying, in_order, seen_at, some_of
from regulars.insight.estimators.buying.histories import Floats, Histories, Whole
from regulars.insight.estimators.buying.nbd import fit_nbd
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.estimators.staying.rising import Rising, rising

FEWEST: Final = 200
"""Members with two orders on a day that is learned from."""
BAND: Final = (0.6, 0.9)
"""Whoever lets the days go by with more than the one and at most the other chance slips; above it
they are lost."""
_ORIGINS: Final = 3
_BETWEEN: Final = 4
"""Origins lie a fourth of `ahead` apart."""
_TENTHS: Final = 10


class Judged(Struct, frozen=True):
    """How good the ranking and the shares were on the last day that was kept out.

    `auc` and those of `recency` and the model of `buying` alone: 0.5 is lots, 1 never wrong.
    `lift`: of the tenth most at risk, how many times as many lapsed as of all. `off`: by how much
    a share that was foretold differs from what came, on average (expected calibration error).
    Of those who would have been said to slip (`BAND`) there were so many `picked`, and of these so
    many did let the days go by (`right`): the precision of the alert.
    """

    auc: float
    recency: float
    buying: float
    lift: float
    off: float
    lapsed: float
    picked: int = 0
    right: int = 0


class Slipping(Struct, frozen=True):
    """A row a member, in the order of `member`: the chance of no order in the next `ahead` days,
    and how the same did in the past."""

    member: Whole
    chance: Floats
    judged: Judged


class _Day(Struct, frozen=True):
    """What was known on one day: members, a row each of what makes a lapse likelier the more it
    is, days since, orders expected."""

    member: Whole
    features: Floats
    since: Floats
    expected: Floats


def slipping(member: ArrayLike, day: ArrayLike, today: int, ahead: int) -> Slipping | NotEnough:
    """The chance of each member with two orders to let the next `ahead` days go by.

    `member` and `day` (whole days) of each order, `today` the last day that has ended. Refuses
    with a history too short to be learned from and judged, or too few who ordered twice.
    Keeps: of very many members it is learned from, and judged on, so many of them (`MOST`).
    """
    who, when = in_order(member, day)
    some = some_of(who, when, MOST)
    wanted = (2 * _BETWEEN + _ORIGINS - 1 + _BETWEEN // 2) * ahead // _BETWEEN
    known = today - int(when.min(initial=today))
    if known < wanted:
        return NotEnough("history", known, wanted)
    kept_out = today - ahead
    before = _foretold(some, some, kept_out, ahead)
    if isinstance(before, NotEnough):
        return before
    seen, chance = before
    judged = judge(chance, seen.since, seen.expected, _lapsed(*some, seen, kept_out, ahead))
    now = _foretold(some, (who, when), today, ahead)
    if isinstance(now, NotEnough):
        return now
    return judged if isinstance(judged, NotEnough) else Slipping(now[0].member, now[1], judged)


def _foretold(
    some: tuple[Whole, Whole], all_: tuple[Whole, Whole], origin: int, ahead: int
) -> tuple[_Day, Floats] | NotEnough:
    """What was known on a day of all, and the chances by what could be learned until then of
    some."""
    curve, seen = _learned(*some, origin, ahead), _day(*all_, origin, ahead)
    if isinstance(curve, NotEnough):
        return curve
    return seen if isinstance(seen, NotEnough) else (seen, curve.chance(seen.features))


def _learned(who: Whole, when: Whole, until: int, ahead: int) -> Rising | NotEnough:
    """A curve of days all of whose next `ahead` days had ended by `until`."""
    features, lapsed = [], []
    for back in range(_ORIGINS):
        origin = until - ahead - back * ahead // _BETWEEN
        seen = _day(who, when, origin, ahead)
        if isinstance(seen, NotEnough):
            return seen
        features.append(seen.features)
        lapsed.append(_lapsed(who, when, seen, origin, ahead))
    return rising(np.concatenate(features), np.concatenate(lapsed))


def _day(who: Whole, when: Whole, origin: int, ahead: int) -> _Day | NotEnough:
    members, seen = seen_at(who, when, float(origin))
    model = _model(seen)
    if isinstance(model, NotEnough):
        return model
    twice = seen.repeats > 0
    if int(twice.sum()) < FEWEST:
        return NotEnough("repeat_orders", int(twice.sum()), FEWEST)
    expected = model.expected(seen, float(ahead))[twice]
    often, since = seen.repeats[twice].astype(np.float64), (seen.age - seen.last)[twice]
    late = [
        _orders(who, when, members, origin - (k + 1) * ahead, origin - k * ahead)[twice]
        for k in (0, 1)
    ]
    columns = (np.log1p(since), -np.log(often), -np.log(expected + 1e-3), *-np.log1p(late))
    return _Day(members[twice], np.stack(columns, axis=1), since, expected)


def _model(seen: Histories) -> Buying | NotEnough:
    """With leaving where that can be told, without where first orders were cut off."""
    few = seen.few(MOST)
    found = fit_mbg_nbd(few)
    return fit_nbd(few) if isinstance(found, NotEnough) else found


def _orders(who: Whole, when: Whole, members: Whole, after: int, until: int) -> Floats:
    """Days with an order of each of these members, after one day and until another."""
    inside = (when > after) & (when <= until)
    ours = who[inside]
    ours = ours[np.isin(ours, members)]
    counts = np.bincount(np.searchsorted(members, ours), minlength=len(members))
    return counts.astype(np.float64)


def _lapsed(who: Whole, when: Whole, seen: _Day, origin: int, ahead: int) -> NDArray[np.bool_]:
    return _orders(who, when, seen.member, origin, origin + ahead) == 0


def judge(
    chance: Floats, since: Floats, expected: Floats, lapsed: NDArray[np.bool_]
) -> Judged | NotEnough:
    """What was foretold beside what came, by row; refuses where all did the same."""
    if lapsed.all() or not lapsed.any():
        return NotEnough("spread", 0, 1)
    # Of members with one chance each counts as all of them: their order says nothing.
    _, alike = np.unique(chance, return_inverse=True)
    came = (np.bincount(alike, lapsed) / np.bincount(alike))[alike]
    most = np.argsort(-chance, kind="stable")[: max(1, len(chance) // _TENTHS)]
    share = float(lapsed.mean())
    lift = float(came[most].mean()) / share
    tenths = np.array_split(np.argsort(chance, kind="stable"), min(_TENTHS, len(chance)))
    apart = [abs(float(chance[at].mean()) - float(came[at].mean())) * len(at) for at in tenths]
    ours, days, model = (_auc(score, lapsed) for score in (chance, since, -expected))
    slips = (chance > BAND[0]) & (chance <= BAND[1])
    picked, right = int(slips.sum()), int((slips & lapsed).sum())
    return Judged(ours, days, model, lift, sum(apart) / len(chance), share, picked, right)


def _auc(score: Floats, lapsed: NDArray[np.bool_]) -> float:
    """How often somebody who lapsed is ranked above somebody who did not (Mann & Whitney 1947)."""
    ranks, some = rankdata(score), int(lapsed.sum())
    above = float(ranks[lapsed].sum()) - some * (some + 1) / 2
    return above / (some * (len(score) - some))
