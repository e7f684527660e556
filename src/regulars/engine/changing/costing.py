"""What points of one wallet cost the shop if they are redeemed, as terms are now."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from math import ceil
from zoneinfo import ZoneInfo

from msgspec import Struct

from regulars.engine.calendar import day_starts_at, expires_at
from regulars.engine.changing.keeping import changes_of, worths_kept
from regulars.engine.changing.prices import costs_of
from regulars.engine.terms import Terms, Version
from regulars.records.program.wallets import Expiry


class Cost(Struct, frozen=True):
    """What the smallest unit of a wallet costs, in minor units: `each` by the terms of now; `kept`
    by how many of the `changes` lie behind what was earned."""

    each: Fraction
    changes: tuple[datetime, ...]
    kept: tuple[Fraction, ...]

    def of(self, units: int) -> int:
        """What so many cost by the terms of now, rounded up once."""
        return ceil(units * self.each)


def cost_of(version: Version, now: datetime, wallet: str) -> Cost:
    """What points of the wallet of this name cost; nothing where the program does not say.

    Example: a mug for 5 points that costs 5.00: each is 100, and 7 points are owed 7.00.
    """
    kept = [one.get(wallet, Fraction(0)) for one in worths_kept(version, now, costs_of)]
    each = costs_of(version.program).get(wallet, Fraction(0))
    return Cost(each, tuple(changes_of(version, now)), tuple(kept))


def cost_then(terms: Terms, now: datetime, wallet: str) -> Callable[[date], Fraction]:
    """What the smallest unit of the wallet cost as a month ended (given by its first day), in minor
    units: by the terms in force then.

    Order: where those did not say, by the last ones before that did, as they were promised at that;
    where none did, by the first ones after that do and rule by now, since what is said late was so
    before. A later price changes nothing of what was given under an earlier one. A month ended when
    the clock of the program first said so, whatever zone it has since: a price of the hour after
    is one of the next month.
    Example: worth 10 each until August, 20 since: points of July cost 10 for ever.
    """
    starts = terms.starts[: max(bisect_right(terms.starts, now), 1)]
    ruled = terms.versions[: len(starts)]
    each = [costs_of(one.program).get(wallet, Fraction(0)) for one in ruled]
    zones = [one.zone for one in ruled]

    @cache
    def then(month: date) -> Fraction:
        following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        place = max(bisect_left(starts, _first_said(following, starts, zones)) - 1, 0)
        said = (*reversed(each[: place + 1]), *each[place + 1 :])
        return next((one for one in said if one), Fraction(0))

    return then


def lives_of(terms: Terms, now: datetime, wallet: str) -> int:
    """In how many months, its own among them, points of a month can come back before they lapse, by
    the longest of all terms that ruled until now; 0 where there are some that do not lapse.

    Example: points that live for 12 months and to the end of the month: 13, and earned in June they
    are gone in July of the year after.
    """
    found = [0]
    for version in terms.versions[: max(bisect_right(terms.starts, now), 1)]:
        kept = version.program.wallets.get(wallet)
        if kept is not None and kept.expiry is None:
            return 0
        if kept is not None and kept.expiry is not None:
            found.append(_months_of(version.zone, now.year, kept.expiry))
    return max(found)


def _months_of(zone: ZoneInfo, year: int, expiry: Expiry) -> int:
    """In how many months points can come back that are given on the last day of a month."""
    lives = list[int]()
    for month in range(1, 13):
        last = date(year + month // 12, month % 12 + 1, 1).toordinal() - 1
        gone = expires_at(zone, day_starts_at(zone, last), expiry).astimezone(zone)
        end = gone - timedelta.resolution
        lives.append((end.year - year) * 12 + end.month - month + 1)
    return max(lives)


def _first_said(day: date, starts: Sequence[datetime], zones: Sequence[ZoneInfo]) -> datetime:
    """When the clock of the program said for the first time that this day had come; each zone
    ruled from its start until the next one's."""
    for at, zone in enumerate(zones):
        came_at = max(day_starts_at(zone, day.toordinal()), starts[at])
        if at + 1 == len(starts) or came_at < starts[at + 1]:
            return came_at
    raise AssertionError("no version rules")
