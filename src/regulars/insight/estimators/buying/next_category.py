"""What a member buys from next: the category of their next order, or nothing where that is a guess.

Two things speak for a category: how often the member bought from it, older orders counting less
(a half-life), and how often others who bought what this member bought last bought from it in
their order after. The first is their own habit, the second co-occurrence from one order to the
next, drawn toward how often anybody buys from it. How much each counts is chosen at origins of the
past, and judged at later ones, which had no part in choosing.

Symbols: `own` = sum of 2^(-age / half) over orders with the category, of the same over all orders;
`then` = (pairs + K popularity) / (orders before + K) over the categories of the last order, their
mean; score = weight own + (1 - weight) then.
Source: a first-order Markov chain over baskets with additive smoothing (Rendle, Freudenthaler and
Schmidt-Thieme 2010, section 4, without factors); rolling origins after Tashman (2000).
Assumes: categories mean the same over the year that is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_array

from regulars.insight.estimators.saying import NotEnough

VERSION: Final = "next-category-1"
"""How it is reckoned; another way has another name, so that a rule's result can be told apart."""
AHEAD: Final = 28
"""Days between origins; whoever orders within them shows whether it was right."""
CHOOSING, JUDGING = 4, 4
LOOKS_BACK: Final = 365
MOST_CATEGORIES: Final = 200
FEWEST_CASES: Final = 200
DRAWN: Final = 20.0
WEIGHTS: Final = (1.0, 0.75, 0.5, 0.25, 0.0)
HALVES: Final = (30.0, 90.0, 365.0)
Z: Final = 1.96
_PORTION: Final = 10_000
_MOST_JUDGED: Final = 40_000

Whole = NDArray[np.int64]
Real = NDArray[np.float64]


class Sold(Struct, frozen=True):
    """A row for each category a member bought from on a day, by member and day.

    `member` and `category` are numbers from 0 on, `day` whole days.
    """

    member: Whole
    day: Whole
    category: Whole


class Tried(Struct, frozen=True):
    """Of so many next orders, in how many the category that was said was bought.

    `own` says the one the member bought from most, `popular` the one anybody did; `beyond_own` and
    `beyond_popular` are the low ends of how much better ours is, in shares of orders.
    """

    orders: int
    right: int
    own: int
    popular: int
    beyond_own: float
    beyond_popular: float
    weight: float
    half: float

    @property
    def better(self) -> bool:
        """Whether it is surely better than both."""
        return self.beyond_own > 0 and self.beyond_popular > 0


class Next(Struct, frozen=True):
    """The category of each member's next order, and how good that was on the shop's own past."""

    member: Whole
    category: Whole
    tried: Tried


class NotBetter(Struct, frozen=True):
    """It is no better than what anybody could say without reckoning, so nothing is said."""

    tried: Tried


class _Way(NamedTuple):
    weight: float
    half: float


OWN: Final = _Way(1.0, 1e9)
"""Which they bought from most often."""


def next_category(sold: Sold, today: int) -> Next | NotBetter | NotEnough:
    """What each member who ordered within a year buys from next.

    Refuses: fewer than two categories, less than 36 weeks of history, fewer than 200 orders to try
    it on (`NotEnough`); or where it is not surely better than the most popular category and than
    the member's own most frequent one (`NotBetter`).
    """
    fault = _too_little(sold, today)
    if fault is not None:
        return fault
    baskets = _Baskets(sold)
    origins = [today - AHEAD * back for back in range(CHOOSING + JUDGING, 0, -1)]
    ways = [_Way(weight, half) for weight, half in product(WEIGHTS, HALVES) if weight or half == 30]
    chosen = _chosen(baskets, origins[:CHOOSING], ways)
    tried = _judged(baskets, origins[CHOOSING:], chosen)
    if tried.orders < FEWEST_CASES:
        return NotEnough("repeat_orders", tried.orders, FEWEST_CASES)
    if not tried.better:
        return NotBetter(tried)
    look = baskets.until(today)
    found = [look.best(who, chosen) for who in _portions(np.arange(len(look.members)))]
    return Next(look.members, np.concatenate(found), tried)


def _too_little(sold: Sold, today: int) -> NotEnough | None:
    kinds = len(np.unique(sold.category))
    if kinds < 2:
        return NotEnough("groups", kinds, 2)
    wanted = AHEAD * (CHOOSING + JUDGING + 1)
    known = today - int(sold.day.min())
    return None if known >= wanted else NotEnough("history", known, wanted)


class _Baskets:
    """Days with an order, by member and day, and what was in each."""

    def __init__(self, sold: Sold) -> None:
        order = np.lexsort((sold.day, sold.member))
        member, day = sold.member[order], sold.day[order]
        fresh = np.r_[True, (member[1:] != member[:-1]) | (day[1:] != day[:-1])]
        self.member, self.day = member[fresh], day[fresh]
        counts = np.bincount(sold.category)
        self.kinds = np.sort(np.argsort(-counts, kind="stable")[:MOST_CATEGORIES])
        place = np.full(len(counts), -1)
        place[self.kinds] = np.arange(len(self.kinds))
        at, kind = np.cumsum(fresh) - 1, place[sold.category[order]]
        kept = kind >= 0
        shape = (len(self.day), len(self.kinds))
        ones = np.ones(int(kept.sum()))
        self.has: Any = csr_array((ones, (at[kept], kind[kept])), shape=shape)
        self.has.data[:] = np.minimum(self.has.data, 1)

    def until(self, origin: int) -> _Look:
        """What was known as a day ended."""
        return _Look(self, origin)


class _Look:
    """Orders up to a day, within a year of it: what is learned there and said of each member."""

    def __init__(self, baskets: _Baskets, origin: int) -> None:
        seen = (baskets.day <= origin) & (baskets.day > origin - LOOKS_BACK)
        self.rows = np.flatnonzero(seen)
        self.kinds, self.origin = baskets.kinds, origin
        self.day, self.has = baskets.day[self.rows], baskets.has[self.rows]
        self.members, self.first = np.unique(baskets.member[self.rows], return_index=True)
        self.last = np.r_[self.first[1:], len(self.rows)] - 1
        many = max(len(self.rows), 1)
        self.popular: Real = np.asarray(self.has.sum(axis=0)).ravel() / many
        member = baskets.member[self.rows]
        before = np.flatnonzero(member[1:] == member[:-1])
        pairs = np.asarray((self.has[before].T @ self.has[before + 1]).todense())
        led = np.asarray(self.has[before].sum(axis=0)).ravel()
        self.then: Real = (pairs + DRAWN * self.popular) / (led[:, None] + DRAWN)

    def best(self, who: Whole, way: _Way) -> Whole:
        """The likeliest category of these members (places among `members`), as it was numbered."""
        return np.asarray(self.kinds[np.argmax(self._score(who, way), axis=1)])

    def _score(self, who: Whole, way: _Way) -> Real:
        scores = np.zeros((len(who), len(self.kinds)))
        if way.weight > 0:
            scores += way.weight * self._own(who, way.half)
        if way.weight < 1:
            lately = self.has[self.last[who]]
            sizes = np.maximum(np.asarray(lately.sum(axis=1)).ravel(), 1)
            scores += (1 - way.weight) * np.asarray(lately @ self.then) / sizes[:, None]
        # Of categories that are level the more popular one is said.
        return scores + 1e-9 * self.popular

    def _own(self, who: Whole, half: float) -> Real:
        counts = self.last[who] - self.first[who] + 1
        begins = np.cumsum(counts) - counts
        rows = np.repeat(self.first[who] - begins, counts) + np.arange(counts.sum())
        weight = np.exp2(-(self.origin - self.day[rows]) / half)
        owner = np.repeat(np.arange(len(who)), counts)
        shape = (len(who), len(rows))
        sums: Any = csr_array((weight, (owner, np.arange(len(rows)))), shape=shape)
        whole = np.asarray(sums.sum(axis=1)).ravel()
        found: Real = (sums @ self.has[rows]).toarray() / whole[:, None]
        return found


class _Case(NamedTuple):
    """At an origin: places of members who ordered after it, and what was in that order."""

    look: _Look
    who: Whole
    rows: Whole


def _case(baskets: _Baskets, origin: int) -> _Case:
    look = baskets.until(origin)
    after = np.flatnonzero((baskets.day > origin) & (baskets.day <= origin + AHEAD))
    member, first = np.unique(baskets.member[after], return_index=True)
    known = np.isin(member, look.members)
    member, rows = member[known], after[first[known]]
    step = len(member) // _MOST_JUDGED + 1  # of very many each so-manieth shows as well
    return _Case(look, np.searchsorted(look.members, member[::step]), rows[::step])


def _hits(baskets: _Baskets, case: _Case, way: _Way) -> Real:
    """1 for each of these whose next order had the category in it."""
    if not len(case.who):
        return np.empty(0)
    found = [case.look.best(who, way) for who in _portions(case.who)]
    return _bought(baskets, case, np.concatenate(found))


def _bought(baskets: _Baskets, case: _Case, said: Whole) -> Real:
    column = np.searchsorted(baskets.kinds, said)
    if not len(said):
        return np.empty(0)
    return np.asarray(baskets.has[case.rows, column], dtype=np.float64).ravel()


def _chosen(baskets: _Baskets, origins: list[int], ways: list[_Way]) -> _Way:
    cases = [_case(baskets, origin) for origin in origins]
    right = [sum(float(_hits(baskets, case, way).sum()) for case in cases) for way in ways]
    return ways[int(np.argmax(right))]


def _judged(baskets: _Baskets, origins: list[int], way: _Way) -> Tried:
    member, ours, own, popular = [], [], [], []
    for origin in origins:
        case = _case(baskets, origin)
        member.append(case.look.members[case.who])
        ours.append(_hits(baskets, case, way))
        own.append(_hits(baskets, case, OWN))
        most = case.look.kinds[int(np.argmax(case.look.popular))]
        popular.append(_bought(baskets, case, np.full(len(case.who), most)))
    who = np.concatenate(member)
    us, theirs, all_ = (np.concatenate(one) for one in (ours, own, popular))
    ends = _low_end(us - theirs, who), _low_end(us - all_, who)
    sums = (int(us.sum()), int(theirs.sum()), int(all_.sum()))
    return Tried(len(who), *sums, *ends, way.weight, way.half)


def _low_end(differs: Real, who: Whole) -> float:
    """The low end of a mean difference; a member's orders are no witnesses of their own each."""
    if not len(differs):
        return 0.0
    _, place = np.unique(who, return_inverse=True)
    mean = float(differs.mean())
    apart = np.bincount(place, differs - mean)
    return mean - Z * float(np.sqrt((apart**2).sum())) / len(differs)


def _portions(who: Whole) -> Iterator[Whole]:
    for begin in range(0, len(who), _PORTION):
        yield who[begin : begin + _PORTION]
