"""What each member is worth from now on, and how likely they come again, by their orders so far.

Two things are asked of two models. How likely somebody with two orders comes again within
`ahead` days is learned from who did not in the shop's own past (`staying.lapse`); how many orders
are to come is foretold by the model that foretold the shop's past best (`buying.choosing`). What an
order brings is that of the member, drawn toward everybody's (Gamma-Gamma), and what is to come is
discounted month by month. Of somebody with one order no chance is said: nothing tells it.

Each of them stands by itself: where money cannot be said of a shop, chances still are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from regulars.insight.estimators.buying.choosing import (
    FITS,
    MOST,
    Chosen,
    choose,
    place_of,
    rows_of_some,
    seen_at,
)
from regulars.insight.estimators.buying.histories import Floats, Histories
from regulars.insight.estimators.buying.season import YEAR, Season
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
SOON: Final = 3
"""Months that reach as far as `AHEAD`."""
MOST_TIE: Final = 0.3
"""Where what an order brings surely hangs more than so on how often somebody orders, either way, no
worth is said: Gamma-Gamma takes for granted that it does not. Surely: of sixty members a
correlation beyond it is often chance, and another tomorrow."""


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
    within them, NaN where no model holds; `worth` of the next twelve months in minor units, today's
    money, NaN where it is `unvalued`.
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
    """Of buying; "" where none holds, and then no orders are expected of anybody."""
    off: float
    """How far off the model's orders were at origins of the past: 0.1 is a tenth; NaN of none."""
    judged: Judged | None
    """How the chances did on the last 90 days that were kept out."""
    untold: NotEnough | None = None
    """Why there are no chances."""
    season: Season = Season()
    """Whether orders of the next 90 days go by the season; of twelve months it is all of it."""
    soon: NDArray[np.float64] | None = None
    """What of `worth` is of the next 90 days: never more than that."""
    unvalued: NotEnough | None = None
    """Why there is no worth of anybody."""
    money_off: float = float("nan")
    """How far off the revenue of 90 days was, foretold at the same origins by what was known then:
    0.1 is a tenth; NaN where it is `untried`. These chose the model, so the next 90 days will show
    a little more."""
    untried: NotEnough | None = None
    """Why nobody can say how far off revenue was."""


class _Valued(NamedTuple):
    """What is to come of each member: orders and money, or why not."""

    orders: Floats
    soon: Floats
    worth: Floats
    model: str = ""
    off: float = float("nan")
    season: Season = Season()
    unvalued: NotEnough | None = None
    money_off: float = float("nan")
    untried: NotEnough | None = None


def reckon(known: Known, yearly_interest: float = 0.1) -> Reckoned | NotEnough:
    """The value of everybody who ever ordered.

    Refuses where neither chances nor worth can be said. Chances may be missing by themselves
    (`untold`), and so may worth (`unvalued`): no model of buying can be fitted, or none could be
    tried on the past; a few spend so much more than others that all together have no mean; what an
    order brings hangs on how often somebody orders.
    Traps: what came back is no money, and who brought everything back spent nothing; whoever spends
    less than nothing spends nothing. Example: a shop opened yesterday has no members' value.
    """
    members, seen = seen_at(known.member, known.day, known.today)
    valued = _valued(known, members, seen, yearly_interest)
    chance, judged, untold = _chances(known, members)
    if untold is not None and valued.unvalued is not None:
        return valued.unvalued
    since = seen.age - seen.last
    gap = np.divide(seen.last, seen.repeats, out=np.full(len(seen), np.nan), where=seen.repeats > 0)
    return Reckoned(
        members, chance, valued.orders, valued.worth, since, gap, valued.model, valued.off, judged,
        untold, valued.season, valued.soon, valued.unvalued,
        valued.money_off, valued.untried,
    )  # fmt: skip


def _valued(
    known: Known, members: NDArray[np.int64], seen: Histories, yearly_interest: float
) -> _Valued:
    nothing = np.full(len(members), np.nan)
    chosen = choose(known.member, known.day, known.today, AHEAD)
    if isinstance(chosen, NotEnough):
        return _Valued(nothing, nothing, nothing, unvalued=chosen)
    until = _to_come(chosen, seen)
    orders, said = until(float(AHEAD)), (chosen.name, _off(chosen), chosen.season)
    each = _each_order(known, members, seen.repeats + 1)
    if isinstance(each, NotEnough):
        return _Valued(orders, nothing, nothing, *said, unvalued=each)
    rate = (1 + yearly_interest) ** (1 / MONTHS) - 1
    # The same months and the same interest: what is of the next 90 days is a part of the whole.
    soon = lifetime_value(lambda day: until(min(day, float(AHEAD))), each, rate, SOON, MONTH_DAYS)
    worth = lifetime_value(until, each, rate, MONTHS, MONTH_DAYS)
    off = money_off(known, chosen)
    if isinstance(off, NotEnough):
        return _Valued(orders, soon, worth, *said, untried=off)
    return _Valued(orders, soon, worth, *said, money_off=off)


def money_off(known: Known, chosen: Chosen) -> float | NotEnough:
    """How far off the revenue of the next 90 days was, either way, on the mean of the origins at
    which the model was chosen: orders and what one brings as both were known then.

    Refuses where at one of them money could not be said, or nothing came. Shape: rows in order of
    members. Of more than `MOST` members as many, evenly, as the model was learned from. Traps: it
    is the revenue of who was a member then, and of what came back since nothing is left in it.
    """
    inside = rows_of_some(known.member)
    of = known
    if inside is not None:
        of = Known(known.member[inside], known.day[inside], known.net[inside], known.today)
    place = place_of(of.member)
    first = np.full(place[-1] + 1, of.today)
    np.minimum.at(first, place, of.day)
    indices = chosen.season.indices or (1.0,) * len(chosen.origins)
    offs = []
    for origin, index in zip(chosen.origins, indices, strict=True):
        expected = _money_at(of, origin, chosen)
        ahead = (of.day > origin) & (of.day <= origin + AHEAD)
        came = float(of.net[ahead & (first[place] <= origin)].sum())
        if isinstance(expected, NotEnough):
            return expected
        if came <= 0:
            return NotEnough("values", 0, 1)
        offs.append(abs(expected * index / came - 1))
    return float(np.mean(offs))


def _money_at(of: Known, origin: float, chosen: Chosen) -> float | NotEnough:
    """What was to be expected of the 90 days after an origin, without a season."""
    seen = of.day <= origin
    then = Known(of.member[seen], of.day[seen], of.net[seen], int(origin))
    members, histories = seen_at(then.member, then.day, origin)
    model = FITS[chosen.name](histories)
    each = _each_order(then, members, histories.repeats + 1)
    if isinstance(model, NotEnough):
        return model
    if isinstance(each, NotEnough):
        return each
    return float((model.expected(histories, float(AHEAD)) * each).sum())


def _to_come(chosen: Chosen, seen: Histories) -> Callable[[float], Floats]:
    """Orders of each member until a day, by the season: what it lifts the next 90 days by, the rest
    of the year has less, as a year is all of the season.

    Example: 1.6 times as many in 90 days leave 0.8 times as many for each day of the other 275.
    """
    factor, soon = chosen.season.factor, chosen.model.expected(seen, float(AHEAD))
    rest = max(YEAR - factor * AHEAD, 0.0) / (YEAR - AHEAD)

    def until(day: float) -> Floats:
        if day == AHEAD:
            return soon * factor
        orders = chosen.model.expected(seen, day)
        return orders * factor if day < AHEAD else soon * factor + (orders - soon) * rest

    return until


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
    if spending.tied > MOST_TIE:
        return NotEnough("tie", spending.tie, MOST_TIE)
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


def worths(worth: ArrayLike) -> list[Worth | None]:
    """In which part of all members each is by worth: the first tenth, then until a third, two
    thirds, all. Members of one worth are in one part, the higher one; where nobody can say what
    they are worth, in none."""
    given = np.asarray(worth, dtype=np.float64)
    if np.isnan(given).any():
        return [None] * len(given)
    above = len(given) - np.searchsorted(np.sort(given), given, side="right")
    share = above / max(len(given), 1)
    places = np.searchsorted([0.1, 1 / 3, 2 / 3], share, side="right")
    return [WORTHS[place] for place in places.tolist()]
