"""What each member is worth from now on, and how likely they come again, by their orders so far.

Two things are asked of two models. How likely somebody with two orders comes again within
`ahead` days is learned from who did not in the shop's own past (`staying.lapse`); how many orders
are to come is foretold by the model that foretold the shop's past best (`buying.choosing`). What an
order brings is that of the member, drawn toward everybody's (Gamma-Gamma), and what is to come is
discounted month by month. Of somebody with one order no chance is said: nothing tells it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from regulars.insight.estimators.buying.choosing import MOST, Chosen, choose, seen_at
from regulars.insight.estimators.buying.season import Season
from regulars.insight.estimators.columns import numbers
from regulars.insight.estimators.grouping.rfm import rfm
from regulars.insight.estimators.saying import NotEnough
from regulars.insight.estimators.staying.lapse import BAND, Judged, slipping
from regulars.insight.estimators.worth.gamma_gamma import fit_gamma_gamma
from regulars.insight.estimators.worth.lifetime_value import lifetime_value
from regulars.records.standing.values.types import HEALTHS, WORTHS, Health, Worth

STRONG: Final = 0.75
"""Who comes again with at least this chance."""
STEADY: Final = round(1 - BAND[0], 6)
LOST: Final = round(1 - BAND[1], 6)
"""Who comes again with less than this chance."""
MONTHS: Final = 12
MONTH_DAYS: Final = 365 / 12
AHEAD: Final = 90
"""Days within which somebody comes again, or not."""


class Known(Struct, frozen=True):
    """What is known of a shop: a row for each day on which a member ordered.

    `member` are numbers from 0 on, `day` whole days, `net` what is left of that day's orders in
    minor units; `today` the last day that has ended.
    """

    member: NDArray[np.int64]
    day: NDArray[np.int64]
    net: NDArray[np.float64]
    today: int


class Reckoned(Struct, frozen=True):
    """A row a member, in the order of `member`.

    `chance` of an order within 90 days from 0 to 1, NaN where nothing tells it; `orders` expected
    within them; `worth` of the next twelve months in minor units, today's money.
    """

    member: NDArray[np.int64]
    chance: NDArray[np.float64]
    orders: NDArray[np.float64]
    worth: NDArray[np.float64]
    since: NDArray[np.float64]
    """Days since the last order."""
    gap: NDArray[np.float64]
    """The mean of the member's own gaps in days; NaN where there is none."""
    model: str
    off: float
    """How far off the model's orders were at origins of the past: 0.1 is a tenth."""
    judged: Judged | None
    """How the chances did on the last 90 days that were kept out."""
    untold: NotEnough | None = None
    """Why there are no chances."""
    season: Season = Season()
    """Whether orders of the next 90 days go by the season; of twelve months it is all of it."""


def reckon(known: Known, yearly_interest: float = 0.1) -> Reckoned | NotEnough:
    """The value of everybody who ever ordered.

    Refuses where no model of buying can be fitted, or none could be tried on the past: then there
    is no worth of anybody. Chances may be missing by themselves (`untold`).
    Traps: what came back is no money, and who brought everything back spent nothing; whoever spends
    less than nothing spends nothing. Example: a shop opened yesterday has no members' value.
    """
    chosen = choose(known.member, known.day, known.today, AHEAD)
    if isinstance(chosen, NotEnough):
        return chosen
    members, seen = seen_at(known.member, known.day, known.today)
    orders = chosen.model.expected(seen, float(AHEAD)) * chosen.season.factor
    each = _each_order(known, members, seen.repeats + 1)
    if isinstance(each, NotEnough):
        return each
    rate = (1 + yearly_interest) ** (1 / MONTHS) - 1
    worth = lifetime_value(
        lambda until: chosen.model.expected(seen, until), each, rate, MONTHS, MONTH_DAYS
    )
    chance, judged, untold = _chances(known, members)
    since = seen.age - seen.last
    gap = np.divide(seen.last, seen.repeats, out=np.full(len(seen), np.nan), where=seen.repeats > 0)
    return Reckoned(
        members, chance, orders, worth, since, gap, chosen.name, _off(chosen), judged, untold,
        chosen.season,
    )  # fmt: skip


def _each_order(
    known: Known, members: NDArray[np.int64], orders: NDArray[np.int64]
) -> NDArray[np.float64] | NotEnough:
    """What an order to come brings of each member."""
    (net,) = numbers(known.net)
    at = np.searchsorted(members, known.member)
    spent = np.maximum(np.bincount(at, net, minlength=len(members)), 0)
    mean = spent / orders
    some = np.arange(min(MOST, len(mean))) * len(mean) // max(min(MOST, len(mean)), 1)
    spending = fit_gamma_gamma(orders[some], mean[some])
    if isinstance(spending, NotEnough):
        if spending.what != "spread":
            return spending
        return mean  # everybody spends the same
    return spending.expected(orders, mean)


def _chances(
    known: Known, members: NDArray[np.int64]
) -> tuple[NDArray[np.float64], Judged | None, NotEnough | None]:
    chance = np.full(len(members), np.nan)
    slips = slipping(known.member, known.day, known.today, AHEAD)
    if isinstance(slips, NotEnough):
        return chance, None, slips
    chance[np.searchsorted(members, slips.member)] = 1 - slips.chance
    return chance, slips.judged, None


def _off(chosen: Chosen) -> float:
    """How far off orders were, either way, as they are foretold: with the season where it is
    taken."""
    if chosen.season.state == "taken":
        return float(np.abs(chosen.season.orders).mean())
    return next(one.off for one in chosen.tried if one.model == chosen.name)


def scores(known: Known) -> list[str]:
    """How lately, how often and for how much each member ordered, in the order of their numbers:
    three digits from 1 (worst) to 5 (best) beside everybody; "" for all where they are too few.

    Example: "511" came yesterday for the first time, and spent least.
    """
    orders = np.bincount(known.member)
    last = np.full(len(orders), np.iinfo(np.int64).min)
    np.maximum.at(last, known.member, known.day)
    found = rfm(known.today - last, orders, np.bincount(known.member, known.net))
    if isinstance(found, NotEnough):
        return [""] * len(orders)
    each = found.recency * 100 + found.frequency * 10 + found.money
    return [str(one) for one in each.tolist()]


def healths(chance: ArrayLike) -> list[Health | None]:
    """How each member is, by the chance that they come again; nothing where nobody can say."""
    given = np.asarray(chance, dtype=np.float64)
    # From the worst up: who is exactly at a bound is on its better side.
    places = np.searchsorted([LOST, STEADY, STRONG], given, side="right")
    names: tuple[Health, ...] = HEALTHS[::-1]
    return [
        None if unknown else names[place]
        for place, unknown in zip(places.tolist(), np.isnan(given).tolist(), strict=True)
    ]


def worths(worth: ArrayLike) -> list[Worth]:
    """In which part of all members each is by worth: the first tenth, then until a third, two
    thirds, all. Members of one worth are in one part, the higher one."""
    given = np.asarray(worth, dtype=np.float64)
    above = len(given) - np.searchsorted(np.sort(given), given, side="right")
    share = above / max(len(given), 1)
    places = np.searchsorted([0.1, 1 / 3, 2 / 3], share, side="right")
    return [WORTHS[place] for place in places.tolist()]
